// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.SystemInfo.Info;
import io.gantry.api.runtime.RuntimeFeatures;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The answer to {@code docker info}. */
public final class InfoJson {
  private static final int NO_KERNEL_MEMORY = 42;
  private static final int NO_BRIDGE_NETFILTER = 50;
  private static final int NO_EXPECTED_COMMIT = 49;
  private static final int CDI = 46;

  private final JsonWriter out;
  private final Info info;
  private final ApiVersion version;

  private InfoJson(JsonWriter out, Info info, ApiVersion version) {
    this.out = out;
    this.info = info;
    this.version = version;
  }

  public static void write(
      JsonWriter out, Info info, List<String> labels, Instant now, ApiVersion version) {
    InfoJson json = new InfoJson(out, info, version);
    out.object(
        () -> {
          json.counts();
          json.abilities();
          json.host(now);
          json.registry();
          json.identity(labels);
          json.runtimes();
          json.security();
        });
  }

  private void counts() {
    out.field("ID", info.id())
        .field("Containers", info.containers())
        .field("ContainersRunning", info.containersRunning())
        .field("ContainersPaused", info.containersPaused())
        .field("ContainersStopped", info.containersStopped())
        .field("Images", info.images())
        .field("Driver", info.storageDriver())
        .array(
            "DriverStatus",
            info.storageStatus().entrySet(),
            fact -> out.array(List.of(fact.getKey(), fact.getValue()), out::value))
        .object(
            "Plugins",
            () ->
                out.strings("Volume", drivers("volume"))
                    .strings("Network", drivers("network"))
                    .nullField("Authorization")
                    .strings("Log", drivers("log")));
  }

  private List<String> drivers(String kind) {
    return info.drivers().getOrDefault(kind, List.of());
  }

  private void abilities() {
    ability("MemoryLimit");
    ability("SwapLimit");
    if (!version.atLeast(NO_KERNEL_MEMORY)) {
      ability("KernelMemory");
      ability("KernelMemoryTCP");
    }
    ability("CpuCfsPeriod");
    ability("CpuCfsQuota");
    ability("CPUShares");
    ability("CPUSet");
    ability("PidsLimit");
    ability("IPv4Forwarding");
    if (!version.atLeast(NO_BRIDGE_NETFILTER)) {
      ability("BridgeNfIptables");
      ability("BridgeNfIp6tables");
    }
  }

  private void ability(String name) {
    out.field(name, info.kernelAbilities().getOrDefault(name, false));
  }

  private void host(Instant now) {
    out.field("Debug", info.debug()).field("NFd", info.fileDescriptors());
    ability("OomKillDisable");
    out.field("NGoroutines", info.threads())
        .field("SystemTime", now)
        .field("LoggingDriver", info.loggingDriver())
        .field("CgroupDriver", info.cgroupDriver())
        .field("CgroupVersion", info.cgroupVersion())
        .field("NEventsListener", info.eventsListeners())
        .field("KernelVersion", info.kernelVersion())
        .field("OperatingSystem", info.operatingSystem())
        .field("OSVersion", info.osVersion())
        .field("OSType", "linux")
        .field("Architecture", info.architecture());
  }

  /** Clients take the address of Docker Hub from here for names without a host. */
  private void registry() {
    List<String> none = List.of();
    out.field("IndexServerAddress", "https://index.docker.io/v1/")
        .object(
            "RegistryConfig",
            () ->
                out.strings("AllowNondistributableArtifactsCIDRs", none)
                    .strings("AllowNondistributableArtifactsHostnames", none)
                    .strings("InsecureRegistryCIDRs", List.of("127.0.0.0/8"))
                    .object(
                        "IndexConfigs",
                        () ->
                            out.object(
                                "docker.io",
                                () ->
                                    out.field("Name", "docker.io")
                                        .strings("Mirrors", none)
                                        .field("Secure", true)
                                        .field("Official", true)))
                    .strings("Mirrors", none));
  }

  private void identity(List<String> labels) {
    out.field("NCPU", info.cpus())
        .field("MemTotal", info.memoryBytes())
        .nullField("GenericResources")
        .field("DockerRootDir", info.dataRoot())
        .field("HttpProxy", "")
        .field("HttpsProxy", "")
        .field("NoProxy", "")
        .field("Name", info.name())
        .strings("Labels", labels)
        .field("ExperimentalBuild", false)
        .field("ServerVersion", info.version().version());
  }

  private void runtimes() {
    Map<String, RuntimeFeatures> runtimes = JsonWriter.sorted(info.runtimes());
    out.object(
            "Runtimes",
            () ->
                runtimes.keySet().forEach(name -> out.object(name, () -> out.field("path", name))))
        .field("DefaultRuntime", info.defaultRuntime())
        .object(
            "Swarm",
            () ->
                out.field("NodeID", "")
                    .field("NodeAddr", "")
                    .field("LocalNodeState", "inactive")
                    .field("ControlAvailable", false)
                    .field("Error", "")
                    .nullField("RemoteManagers"))
        // containers always outlive the engine
        .field("LiveRestoreEnabled", true)
        .field("Isolation", "")
        .field("InitBinary", "tini");
    commit("ContainerdCommit", "");
    RuntimeFeatures runtime = runtimes.get(info.defaultRuntime());
    commit("RuncCommit", runtime == null ? "" : runtime.commit());
    commit("InitCommit", "");
  }

  private void commit(String name, String id) {
    out.object(
        name,
        () -> {
          out.field("ID", id);
          if (!version.atLeast(NO_EXPECTED_COMMIT)) {
            out.field("Expected", id);
          }
        });
  }

  private void security() {
    out.strings("SecurityOptions", info.securityOptions());
    if (version.atLeast(CDI)) {
      out.strings("CDISpecDirs", List.<String>of());
    }
    out.stringsOrNull("Warnings", info.warnings());
  }
}
