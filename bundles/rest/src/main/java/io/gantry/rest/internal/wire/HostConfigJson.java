// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerSpec.ResourceOptions;
import io.gantry.api.engine.ContainerSpec.SecurityOptions;
import io.gantry.api.engine.ContainerSpec.Ulimit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The member {@code HostConfig}. Where a client may send both null and an empty list, the one that
 * the docker CLI sends is shown: the specification does not tell them apart.
 */
final class HostConfigJson {
  private static final long DEFAULT_SHM_SIZE = 64L << 20;

  /** Here KernelMemory went, and ConsoleSize moved to what clients set. */
  private static final int NO_KERNEL_MEMORY = 42;

  private static final int ANNOTATIONS = 43;
  private static final int NO_KERNEL_MEMORY_TCP = 47;

  private static final List<String> MASKED_PATHS =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware");
  private static final List<String> READONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  /** The default follows the host's cgroup version, and no other mode is built. */
  private static final boolean UNIFIED_CGROUPS =
      Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));

  private HostConfigJson() {}

  static String networkMode(ContainerSpec spec) {
    String mode = spec.network().mode();
    return mode.isEmpty() ? "default" : mode;
  }

  static void write(JsonWriter out, ContainerSpec spec, ApiVersion version) {
    out.object(
        "HostConfig",
        () -> {
          placement(out, spec, version);
          isolation(out, spec, version);
          resources(out, spec.resources(), version);
          MountJson.specs(out, spec.mounts().mounts());
          paths(out, spec.security());
          if (spec.process().init()) {
            out.field("Init", true);
          }
        });
  }

  private static void placement(JsonWriter out, ContainerSpec spec, ApiVersion version) {
    out.stringsOrNull("Binds", spec.mounts().binds())
        .field("ContainerIDFile", spec.lifecycle().containerIdFile())
        .object(
            "LogConfig",
            () -> out.field("Type", spec.log().driver()).strings("Config", spec.log().options()))
        .field("NetworkMode", networkMode(spec))
        .object("PortBindings", () -> {})
        .object(
            "RestartPolicy",
            () ->
                out.field("Name", spec.lifecycle().restart())
                    .field("MaximumRetryCount", spec.lifecycle().restartMaximumRetries()))
        .field("AutoRemove", spec.lifecycle().autoRemove())
        .field("VolumeDriver", spec.mounts().volumeDriver())
        .nullField("VolumesFrom");
    if (version.atLeast(NO_KERNEL_MEMORY)) {
      consoleSize(out);
    }
    if (version.atLeast(ANNOTATIONS) && !spec.identity().annotations().isEmpty()) {
      out.strings("Annotations", spec.identity().annotations());
    }
  }

  private static void consoleSize(JsonWriter out) {
    out.array("ConsoleSize", List.of(0L, 0L), out::value);
  }

  private static void isolation(JsonWriter out, ContainerSpec spec, ApiVersion version) {
    SecurityOptions security = spec.security();
    out.stringsOrNull("CapAdd", security.capAdd())
        .stringsOrNull("CapDrop", security.capDrop())
        .field("CgroupnsMode", UNIFIED_CGROUPS ? "private" : "host")
        .strings("Dns", spec.network().dns())
        .strings("DnsOptions", spec.network().dnsOptions())
        .strings("DnsSearch", spec.network().dnsSearch())
        .stringsOrNull("ExtraHosts", spec.network().extraHosts())
        .stringsOrNull("GroupAdd", security.groupAdd())
        .field("IpcMode", "private")
        .field("Cgroup", "")
        .nullField("Links")
        .field("OomScoreAdj", spec.resources().oomScoreAdj())
        .field("PidMode", "")
        .field("Privileged", security.privileged())
        .field("PublishAllPorts", false)
        .field("ReadonlyRootfs", spec.mounts().readonlyRootfs())
        .stringsOrNull("SecurityOpt", security.securityOpt());
    if (!spec.mounts().tmpfs().isEmpty()) {
      out.strings("Tmpfs", spec.mounts().tmpfs());
    }
    long shmSize = spec.mounts().shmSize();
    out.field("UTSMode", "")
        .field("UsernsMode", "")
        .field("ShmSize", shmSize == 0 ? DEFAULT_SHM_SIZE : shmSize);
    if (!security.sysctls().isEmpty()) {
      out.strings("Sysctls", security.sysctls());
    }
    out.omitEmpty("Runtime", spec.lifecycle().runtime());
    if (!version.atLeast(NO_KERNEL_MEMORY)) {
      consoleSize(out);
    }
    out.field("Isolation", "");
  }

  private static void resources(JsonWriter out, ResourceOptions limits, ApiVersion version) {
    out.field("CpuShares", limits.cpuShares())
        .field("Memory", limits.memory())
        .field("NanoCpus", limits.nanoCpus())
        .field("CgroupParent", "")
        .field("BlkioWeight", 0);
    for (String none :
        List.of(
            "BlkioWeightDevice",
            "BlkioDeviceReadBps",
            "BlkioDeviceWriteBps",
            "BlkioDeviceReadIOps",
            "BlkioDeviceWriteIOps")) {
      out.strings(none, List.<String>of());
    }
    out.field("CpuPeriod", limits.cpuPeriod())
        .field("CpuQuota", limits.cpuQuota())
        .field("CpuRealtimePeriod", 0)
        .field("CpuRealtimeRuntime", 0)
        .field("CpusetCpus", limits.cpusetCpus())
        .field("CpusetMems", limits.cpusetMems())
        .strings("Devices", List.<String>of())
        .nullField("DeviceCgroupRules")
        .nullField("DeviceRequests");
    if (!version.atLeast(NO_KERNEL_MEMORY)) {
      out.field("KernelMemory", 0);
    }
    if (!version.atLeast(NO_KERNEL_MEMORY_TCP)) {
      out.field("KernelMemoryTCP", 0);
    }
    out.field("MemoryReservation", limits.memoryReservation())
        .field("MemorySwap", limits.memorySwap())
        .nullField("MemorySwappiness")
        .field("OomKillDisable", false)
        .nullable("PidsLimit", limits.pidsLimit())
        .array("Ulimits", limits.ulimits(), limit -> ulimit(out, limit))
        .field("CpuCount", 0)
        .field("CpuPercent", 0)
        .field("IOMaximumIOps", 0)
        .field("IOMaximumBandwidth", 0);
  }

  private static void ulimit(JsonWriter out, Ulimit limit) {
    out.object(
        () ->
            out.field("Name", limit.name())
                .field("Hard", limit.hard())
                .field("Soft", limit.soft()));
  }

  private static void paths(JsonWriter out, SecurityOptions security) {
    boolean all = security.privileged();
    out.strings("MaskedPaths", paths(security.maskedPaths(), all, MASKED_PATHS))
        .strings("ReadonlyPaths", paths(security.readonlyPaths(), all, READONLY_PATHS));
  }

  private static List<String> paths(List<String> own, boolean none, List<String> usual) {
    if (own != null) {
      return own;
    }
    return none ? null : usual;
  }
}
