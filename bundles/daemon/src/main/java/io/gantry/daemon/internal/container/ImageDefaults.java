// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerSpec.IdentityOptions;
import io.gantry.api.engine.ContainerSpec.LifecycleOptions;
import io.gantry.api.engine.ContainerSpec.MountOptions;
import io.gantry.api.engine.ContainerSpec.ProcessOptions;
import io.gantry.api.engine.ImageDetails.ImageConfig;
import io.gantry.api.error.EngineException;
import io.gantry.daemon.internal.Ids;
import io.gantry.daemon.internal.spec.Environment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Merges what an image says into what a user asked for, as Docker does. */
final class ImageDefaults {
  private ImageDefaults() {}

  static ContainerSpec merge(ContainerSpec spec, ImageConfig image, String id) {
    ProcessOptions process = spec.process();
    List<String> entrypoint = process.entrypoint();
    List<String> cmd = process.cmd();
    if (cmd == null || cmd.isEmpty()) {
      // An entrypoint of the user's own takes the image's arguments away.
      cmd = entrypoint == null || entrypoint.isEmpty() && !clears(entrypoint) ? image.cmd() : cmd;
    }
    if (entrypoint == null) {
      entrypoint = image.entrypoint();
    } else if (clears(entrypoint)) {
      entrypoint = null;
    }
    List<String> env = new ArrayList<>(process.env());
    Set<String> named = new HashSet<>();
    env.forEach(variable -> named.add(Environment.name(variable)));
    image.env().stream()
        .filter(variable -> !named.contains(Environment.name(variable)))
        .forEach(env::add);
    String hostname = spec.identity().hostname();
    if (hostname == null || hostname.isEmpty()) {
      hostname = spec.network().mode().equals("host") ? hostName() : Ids.shorten(id);
    }
    Map<String, String> labels = new TreeMap<>(image.labels());
    labels.putAll(spec.identity().labels());
    Set<String> volumes = new HashSet<>(spec.mounts().volumes());
    volumes.addAll(image.volumes());
    MountOptions mounts = spec.mounts();
    LifecycleOptions lifecycle = spec.lifecycle();
    String stopSignal =
        lifecycle.stopSignal() == null || lifecycle.stopSignal().isEmpty()
            ? image.stopSignal()
            : lifecycle.stopSignal();
    return new ContainerSpec(
        spec.image(),
        new ProcessOptions(
            entrypoint,
            cmd,
            env,
            orElse(process.user(), image.user()),
            orElse(process.workingDir(), image.workingDir()),
            process.tty(),
            process.openStdin(),
            process.stdinOnce(),
            process.attachStdin(),
            process.attachStdout(),
            process.attachStderr(),
            process.init()),
        new IdentityOptions(
            hostname, spec.identity().domainname(), labels, spec.identity().annotations()),
        new MountOptions(
            mounts.binds(),
            mounts.mounts(),
            mounts.tmpfs(),
            volumes,
            mounts.volumeDriver(),
            mounts.readonlyRootfs(),
            mounts.shmSize()),
        spec.network(),
        spec.security(),
        spec.resources(),
        spec.log(),
        new LifecycleOptions(
            lifecycle.restart(),
            lifecycle.restartMaximumRetries(),
            lifecycle.autoRemove(),
            stopSignal == null || stopSignal.isEmpty() ? null : stopSignal,
            lifecycle.stopTimeoutSeconds(),
            lifecycle.runtime(),
            lifecycle.containerIdFile()));
  }

  /** {@code --entrypoint ""}. */
  private static boolean clears(List<String> entrypoint) {
    return entrypoint.isEmpty() || (entrypoint.size() == 1 && entrypoint.get(0).isEmpty());
  }

  /** The program and its arguments. */
  static List<String> command(ContainerSpec merged) {
    List<String> command = new ArrayList<>();
    if (merged.process().entrypoint() != null) {
      command.addAll(merged.process().entrypoint());
    }
    if (merged.process().cmd() != null) {
      command.addAll(merged.process().cmd());
    }
    if (command.isEmpty() || (command.size() == 1 && command.get(0).isEmpty())) {
      throw EngineException.invalid("No command specified");
    }
    return command;
  }

  private static String orElse(String own, String image) {
    return own == null || own.isEmpty() ? image : own;
  }

  private static String hostName() {
    try {
      return java.nio.file.Files.readString(java.nio.file.Path.of("/proc/sys/kernel/hostname"))
          .strip();
    } catch (java.io.IOException e) {
      throw EngineException.internal("cannot read the host's name: " + e.getMessage(), e);
    }
  }
}
