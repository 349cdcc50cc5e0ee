// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerSpec.IdentityOptions;
import io.gantry.api.engine.ContainerSpec.LifecycleOptions;
import io.gantry.api.engine.ContainerSpec.LogOptions;
import io.gantry.api.engine.ContainerSpec.MountOptions;
import io.gantry.api.engine.ContainerSpec.NetworkOptions;
import io.gantry.api.engine.ContainerSpec.ProcessOptions;
import io.gantry.api.engine.ContainerSpec.ResourceOptions;
import io.gantry.api.engine.ContainerSpec.SecurityOptions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The container that {@code run}'s options ask for; what they do not say is the default. */
final class RunSpec {
  private RunSpec() {}

  static ContainerSpec of(RunCommand run, boolean terminal, boolean stdin) {
    List<String> none = List.of();
    return new ContainerSpec(
        run.image,
        new ProcessOptions(
            null,
            run.command,
            run.env,
            run.user == null ? "" : run.user,
            run.directory == null ? "" : run.directory,
            terminal,
            stdin,
            stdin,
            stdin && !run.detach,
            !run.detach,
            !run.detach,
            false),
        new IdentityOptions("", "", Map.of(), Map.of()),
        new MountOptions(run.binds, List.of(), Map.of(), Set.of(), "", false, 0),
        new NetworkOptions(run.network, none, none, none, none),
        new SecurityOptions(false, none, none, none, none, null, null, Map.of()),
        new ResourceOptions(0, 0, 0, 0, 0, 0, 0, "", "", null, List.of(), 0),
        new LogOptions("", Map.of()),
        new LifecycleOptions("no", 0, run.remove, null, null, "", ""));
  }
}
