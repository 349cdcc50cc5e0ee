// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerSpec.IdentityOptions;
import io.gantry.api.engine.ContainerSpec.LifecycleOptions;
import io.gantry.api.engine.ContainerSpec.LogOptions;
import io.gantry.api.engine.ContainerSpec.MountOptions;
import io.gantry.api.engine.ContainerSpec.NetworkOptions;
import io.gantry.api.engine.ContainerSpec.ProcessOptions;
import io.gantry.api.engine.ContainerSpec.ResourceOptions;
import io.gantry.api.engine.ContainerSpec.SecurityOptions;
import io.gantry.api.engine.MountSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a user asks for: {@code docker create busybox}, and what a test sets. */
final class Asked {
  List<String> entrypoint;
  List<String> cmd = List.of("sleep", "1000");
  List<String> env = List.of();
  String user = "";
  String workingDir = "";
  String hostname = "";
  String domainname = "";
  Map<String, String> labels = Map.of();
  List<String> binds = List.of();
  List<MountSpec> mounts = List.of();
  Map<String, String> tmpfs = Map.of();
  Set<String> volumes = Set.of();
  String network = "default";
  List<String> dns = List.of();
  List<String> dnsSearch = List.of();
  List<String> dnsOptions = List.of();
  List<String> extraHosts = List.of();
  String restart = "no";
  int retries;
  boolean autoRemove;
  String stopSignal;
  Integer stopTimeout;
  Map<String, String> logOptions = Map.of();
  long memory;

  ContainerSpec spec() {
    return new ContainerSpec(
        "busybox",
        new ProcessOptions(
            entrypoint,
            cmd,
            env,
            user,
            workingDir,
            false,
            false,
            false,
            false,
            false,
            false,
            false),
        new IdentityOptions(hostname, domainname, labels, Map.of()),
        mountOptions(),
        new NetworkOptions(network, dns, dnsOptions, dnsSearch, extraHosts),
        new SecurityOptions(
            false, List.of(), List.of(), List.of(), List.of(), null, null, Map.of()),
        new ResourceOptions(memory, 0, 0, 0, 0, 0, 0, "", "", null, List.of(), 0),
        new LogOptions("", logOptions),
        new LifecycleOptions(restart, retries, autoRemove, stopSignal, stopTimeout, "", ""));
  }

  MountOptions mountOptions() {
    return new MountOptions(binds, mounts, tmpfs, volumes, "", false, 0);
  }
}
