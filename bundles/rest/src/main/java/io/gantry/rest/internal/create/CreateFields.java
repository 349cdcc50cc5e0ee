// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.create;

import io.gantry.rest.internal.wire.Fields;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Every field of a request that creates a container, and what becomes of it. */
public final class CreateFields {
  private static final String WINDOWS = "it concerns Windows alone";
  private static final String NETWORKS = "user-defined networks are not built";
  private static final String REPORTED = "clients read it; the engine sets it";
  private static final BigDecimal UNSET_SWAPPINESS = BigDecimal.valueOf(-1);

  static final FieldTable CONFIG =
      new FieldTable("")
          .honoured("Hostname", "Domainname", "User", "AttachStdin", "AttachStdout", "AttachStderr")
          .honoured("Tty", "OpenStdin", "StdinOnce", "Env", "Cmd", "Image", "Volumes")
          .honoured("WorkingDir", "Entrypoint", "Labels", "StopSignal", "StopTimeout")
          .refused("published and exposed ports are not built", "ExposedPorts")
          .refused("health checks are not built", CreateFields::noHealthCheck, "Healthcheck")
          .refused("a choice of addresses is not built", "MacAddress")
          .refused("use --network none", "NetworkDisabled")
          .inert(WINDOWS, "ArgsEscaped")
          .inert("builds from this container would run it, not the container", "OnBuild")
          .inert("only builds and health checks run commands in a shell", "Shell");

  static final FieldTable HOST_CONFIG =
      new FieldTable("HostConfig.")
          .honoured("Binds", "ContainerIDFile", "LogConfig", "NetworkMode", "RestartPolicy")
          .honoured("AutoRemove", "VolumeDriver", "Mounts", "Annotations", "CapAdd", "CapDrop")
          .honoured("Dns", "DnsOptions", "DnsSearch", "ExtraHosts", "GroupAdd", "OomScoreAdj")
          .honoured("Privileged", "ReadonlyRootfs", "SecurityOpt", "Tmpfs", "ShmSize", "Sysctls")
          .honoured("Runtime", "MaskedPaths", "ReadonlyPaths", "Init")
          .honoured("CpuShares", "Memory", "MemoryReservation", "MemorySwap", "NanoCpus")
          .honoured("CpuPeriod", "CpuQuota", "CpusetCpus", "CpusetMems", "PidsLimit", "Ulimits")
          .inert("a hint: clients set the size when the terminal is there", "ConsoleSize")
          .refused("published ports are not built", "PortBindings", "PublishAllPorts")
          .refused("volumes of another container are not built", "VolumesFrom")
          .refused("links are not built", "Links")
          .refusedExcept("only a namespace of its own is built", Set.of("private"), "CgroupnsMode")
          .refusedExcept("only a namespace of its own is built", Set.of("private"), "IpcMode")
          .refused("only a namespace of its own is built", "PidMode", "UTSMode")
          .refusedExcept("user namespaces are not built", Set.of("host"), "UsernsMode")
          .refused("a cgroup of another container is not built", "Cgroup")
          .refused("a choice of the parent cgroup is not built", "CgroupParent")
          .refused("limits of a storage driver are not built", "StorageOpt")
          .refusedExcept("only Windows has a choice of it", Set.of("default"), "Isolation")
          .refused("limits of block devices are not built", "BlkioWeight", "BlkioWeightDevice")
          .refused("limits of block devices are not built", "BlkioDeviceReadBps")
          .refused("limits of block devices are not built", "BlkioDeviceWriteBps")
          .refused("limits of block devices are not built", "BlkioDeviceReadIOps")
          .refused("limits of block devices are not built", "BlkioDeviceWriteIOps")
          .refused("real-time scheduling is not built", "CpuRealtimePeriod", "CpuRealtimeRuntime")
          .refused("devices of the host are not built", "Devices", "DeviceCgroupRules")
          .refused("devices of the host are not built", "DeviceRequests")
          .refused("kernels have dropped it", "KernelMemory", "KernelMemoryTCP")
          .refusedExcept("it is not built", Set.of(UNSET_SWAPPINESS), "MemorySwappiness")
          .refused("it is not built", "OomKillDisable")
          .refused(WINDOWS, "CpuCount", "CpuPercent", "IOMaximumIOps", "IOMaximumBandwidth");

  static final FieldTable NETWORKING_CONFIG =
      new FieldTable("NetworkingConfig.").honoured("EndpointsConfig");

  static final FieldTable ENDPOINT =
      new FieldTable("NetworkingConfig.EndpointsConfig.")
          .refused("a choice of addresses is not built", "MacAddress")
          .refused("a choice of addresses is not built", CreateFields::allNothing, "IPAMConfig")
          .refused(NETWORKS, "Links", "Aliases", "DriverOpts", "GwPriority")
          .inert(REPORTED, "NetworkID", "EndpointID", "Gateway", "IPAddress", "IPPrefixLen")
          .inert(REPORTED, "IPv6Gateway", "GlobalIPv6Address", "GlobalIPv6PrefixLen", "DNSNames");

  static final FieldTable MOUNT =
      new FieldTable("HostConfig.Mounts.")
          .honoured("Target", "Source", "Type", "ReadOnly")
          .honoured("BindOptions", "VolumeOptions", "TmpfsOptions")
          .inert("it concerns Docker Desktop alone", "Consistency")
          .refused("mounts of images are not built", "ImageOptions");

  static final FieldTable BIND_OPTIONS =
      new FieldTable("HostConfig.Mounts.BindOptions.")
          .honoured("Propagation", "NonRecursive", "CreateMountpoint")
          .refused("a choice of it is not built", "ReadOnlyNonRecursive", "ReadOnlyForceRecursive");

  static final FieldTable VOLUME_OPTIONS =
      new FieldTable("HostConfig.Mounts.VolumeOptions.")
          .honoured("NoCopy", "Labels", "DriverConfig")
          .refused("mounts of a part of a volume are not built", "Subpath");

  static final FieldTable TMPFS_OPTIONS =
      new FieldTable("HostConfig.Mounts.TmpfsOptions.")
          .honoured("SizeBytes", "Mode")
          .refused("further options are not built; use Tmpfs", "Options");

  private CreateFields() {}

  /** The tables by the name of the schema in the description of the API. */
  public static Map<String, FieldTable> bySchema() {
    return Map.of(
        "ContainerConfig", CONFIG,
        "HostConfig", HOST_CONFIG,
        "NetworkingConfig", NETWORKING_CONFIG,
        "EndpointSettings", ENDPOINT,
        "Mount", MOUNT,
        "Mount.BindOptions", BIND_OPTIONS,
        "Mount.VolumeOptions", VOLUME_OPTIONS,
        "Mount.TmpfsOptions", TMPFS_OPTIONS);
  }

  /** Turns down what is not built, before anything is done. */
  static void check(Fields config, Fields hostConfig) {
    HOST_CONFIG.check(hostConfig);
    CONFIG.check(config);
  }

  /** No test, or the test that switches the image's off. */
  private static boolean noHealthCheck(Object value) {
    if (!(value instanceof Map<?, ?> check)) {
      return value == null;
    }
    Object test = check.get("Test");
    return test == null || test.equals(List.of()) || test.equals(List.of("NONE"));
  }

  private static boolean allNothing(Object value) {
    return value == null
        || (value instanceof Map<?, ?> map
            && map.values().stream()
                .allMatch(v -> v == null || v.equals("") || v.equals(List.of())));
  }
}
