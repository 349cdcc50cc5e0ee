// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerSpec.ProcessOptions;
import io.gantry.api.engine.ImageDetails.ImageConfig;

/** The member {@code Config}: of a container, and of an image, whose fields are the same. */
final class ContainerConfigJson {
  private static final ImageConfig NOTHING =
      new ImageConfig("", null, null, null, null, null, "", null, "", null, null);

  private ContainerConfigJson() {}

  static void container(JsonWriter out, ContainerSpec spec) {
    ProcessOptions process = spec.process();
    out.object(
        "Config",
        () -> {
          out.field("Hostname", spec.identity().hostname())
              .field("Domainname", spec.identity().domainname())
              .field("User", process.user())
              .field("AttachStdin", process.attachStdin())
              .field("AttachStdout", process.attachStdout())
              .field("AttachStderr", process.attachStderr())
              .field("Tty", process.tty())
              .field("OpenStdin", process.openStdin())
              .field("StdinOnce", process.stdinOnce())
              .stringsOrNull("Env", process.env())
              .stringsOrNull("Cmd", process.cmd())
              .field("Image", spec.image())
              .setOrNull("Volumes", spec.mounts().volumes())
              .field("WorkingDir", process.workingDir())
              .strings("Entrypoint", process.entrypoint())
              .nullField("OnBuild")
              .strings("Labels", spec.identity().labels())
              .omitEmpty("StopSignal", spec.lifecycle().stopSignal());
          if (spec.lifecycle().stopTimeoutSeconds() != null) {
            out.field("StopTimeout", spec.lifecycle().stopTimeoutSeconds());
          }
        });
  }

  static void image(JsonWriter out, String member, ImageConfig config) {
    ImageConfig image = config == null ? NOTHING : config;
    out.object(
        member,
        () -> {
          out.field("Hostname", "")
              .field("Domainname", "")
              .field("User", image.user())
              .field("AttachStdin", false)
              .field("AttachStdout", false)
              .field("AttachStderr", false);
          ports(out, image);
          out.field("Tty", false)
              .field("OpenStdin", false)
              .field("StdinOnce", false)
              .stringsOrNull("Env", image.env())
              .stringsOrNull("Cmd", image.cmd())
              .field("Image", "")
              .setOrNull("Volumes", image.volumes())
              .field("WorkingDir", image.workingDir())
              .stringsOrNull("Entrypoint", image.entrypoint())
              .stringsOrNull("OnBuild", image.onBuild())
              .stringsOrNull("Labels", image.labels());
          last(out, image);
        });
  }

  /** Since API 1.50: without what only containers have, and without what is not set. */
  static void imageOnly(JsonWriter out, ImageConfig config) {
    ImageConfig image = config == null ? NOTHING : config;
    out.object(
        "Config",
        () -> {
          out.omitEmpty("User", image.user());
          ports(out, image);
          if (notEmpty(image.env())) {
            out.strings("Env", image.env());
          }
          if (notEmpty(image.entrypoint())) {
            out.strings("Entrypoint", image.entrypoint());
          }
          if (notEmpty(image.cmd())) {
            out.strings("Cmd", image.cmd());
          }
          if (notEmpty(image.volumes())) {
            out.setOrNull("Volumes", image.volumes());
          }
          out.omitEmpty("WorkingDir", image.workingDir());
          if (image.labels() != null && !image.labels().isEmpty()) {
            out.strings("Labels", image.labels());
          }
          if (notEmpty(image.onBuild())) {
            out.strings("OnBuild", image.onBuild());
          }
          last(out, image);
        });
  }

  private static void ports(JsonWriter out, ImageConfig image) {
    if (notEmpty(image.exposedPorts())) {
      out.setOrNull("ExposedPorts", image.exposedPorts());
    }
  }

  private static void last(JsonWriter out, ImageConfig image) {
    out.omitEmpty("StopSignal", image.stopSignal());
    if (notEmpty(image.shell())) {
      out.strings("Shell", image.shell());
    }
  }

  private static boolean notEmpty(java.util.Collection<?> values) {
    return values != null && !values.isEmpty();
  }
}
