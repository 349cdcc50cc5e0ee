// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerDetails.ContainerFiles;
import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerSpec.IdentityOptions;
import io.gantry.api.engine.ContainerSpec.LifecycleOptions;
import io.gantry.api.engine.ContainerSpec.LogOptions;
import io.gantry.api.engine.ContainerSpec.MountOptions;
import io.gantry.api.engine.ContainerSpec.NetworkOptions;
import io.gantry.api.engine.ContainerSpec.ProcessOptions;
import io.gantry.api.engine.ContainerSpec.ResourceOptions;
import io.gantry.api.engine.ContainerSpec.SecurityOptions;
import io.gantry.api.engine.ContainerSpec.Ulimit;
import io.gantry.api.engine.ContainerState;
import io.gantry.api.engine.ContainerState.Status;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A container to build specifications of: {@code sleep 1000}, and what a test sets. */
final class SpecContainer {
  static final String ID = "fa01a3c31f0a3ab5e6fdc3a16cbfc121521038c6000574725499b9d26fdcf1a5";

  List<String> env = List.of();
  String workingDir = "";
  boolean tty;
  boolean privileged;
  boolean readonlyRootfs;
  List<String> capAdd = List.of();
  List<String> capDrop = List.of();
  List<String> securityOpt = List.of();
  Map<String, String> sysctls = Map.of();
  long memory;
  long memorySwap;
  long memoryReservation;
  long nanoCpus;
  long cpuShares;
  long cpuPeriod;
  long cpuQuota;
  String cpusetCpus = "";
  Long pidsLimit;
  List<Ulimit> ulimits = List.of();
  int oomScoreAdj;
  long shmSize;

  ContainerDetails build() {
    ContainerSpec spec =
        new ContainerSpec(
            "busybox",
            new ProcessOptions(
                List.of(),
                List.of("sleep", "1000"),
                env,
                "",
                workingDir,
                tty,
                false,
                false,
                false,
                false,
                false,
                false),
            new IdentityOptions("", "", Map.of(), Map.of()),
            new MountOptions(List.of(), List.of(), Map.of(), Set.of(), "", readonlyRootfs, shmSize),
            new NetworkOptions("default", List.of(), List.of(), List.of(), List.of()),
            new SecurityOptions(
                privileged, capAdd, capDrop, List.of(), securityOpt, null, null, sysctls),
            new ResourceOptions(
                memory,
                memorySwap,
                memoryReservation,
                nanoCpus,
                cpuShares,
                cpuPeriod,
                cpuQuota,
                cpusetCpus,
                "",
                pidsLimit,
                ulimits,
                oomScoreAdj),
            new LogOptions("", Map.of()),
            new LifecycleOptions("no", 0, false, null, null, "", ""));
    return new ContainerDetails(
        ID,
        "plain",
        Instant.EPOCH,
        "sha256:0",
        "sleep",
        List.of("1000"),
        spec,
        new ContainerState(Status.CREATED, 0, 0, "", false, null, null),
        0,
        "overlay2",
        List.of(),
        List.of(),
        new ContainerFiles("", "", "", ""));
  }
}
