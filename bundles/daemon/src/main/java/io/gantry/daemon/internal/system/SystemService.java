// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.system;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerState.Status;
import io.gantry.api.engine.SystemInfo;
import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.OciRuntime;
import io.gantry.api.runtime.RuntimeFeatures;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What {@code docker info} and {@code docker version} tell. */
public final class SystemService implements SystemInfo {
  private final HostFacts host;
  private final Settings settings;
  private final DriverRegistry drivers;
  private final Supplier<List<ContainerDetails>> containers;
  private final IntSupplier images;
  private final IntSupplier listeners;
  private final String version;

  public SystemService(
      HostFacts host,
      Settings settings,
      DriverRegistry drivers,
      Supplier<List<ContainerDetails>> containers,
      IntSupplier images,
      IntSupplier listeners,
      String version) {
    this.host = host;
    this.settings = settings;
    this.drivers = drivers;
    this.containers = containers;
    this.images = images;
    this.listeners = listeners;
    this.version = version;
  }

  @Override
  public Version version() {
    return new Version(
        version,
        "",
        Instant.EPOCH,
        host.kernelVersion,
        "linux",
        host.architecture.equals("x86_64") ? "amd64" : host.architecture);
  }

  @Override
  public Info info() {
    List<ContainerDetails> all = containers.get();
    int running = count(all, Status.RUNNING) + count(all, Status.RESTARTING);
    int paused = count(all, Status.PAUSED);
    Map<String, List<String>> kinds = new TreeMap<>();
    kinds.put("volume", drivers.names(DriverKind.VOLUME));
    List<String> networks = new ArrayList<>(drivers.names(DriverKind.NETWORK));
    networks.addAll(List.of("host", "null"));
    kinds.put("network", networks.stream().sorted().toList());
    kinds.put("log", drivers.names(DriverKind.LOG));
    List<String> warnings = new ArrayList<>();
    if (!host.abilities.getOrDefault("SwapLimit", false)) {
      warnings.add("WARNING: No swap limit support");
    }
    List<String> security = new ArrayList<>(List.of("name=seccomp,profile=default"));
    if (host.unifiedCgroups()) {
      security.add("name=cgroupns");
    }
    return new Info(
        settings.instanceId(),
        host.hostname,
        all.size(),
        running,
        paused,
        all.size() - running - paused,
        images.getAsInt(),
        settings.storageDriver(),
        storageStatus(),
        settings.defaultLogDriver(),
        "cgroupfs",
        host.unifiedCgroups() ? "2" : "1",
        listeners.getAsInt(),
        host.operatingSystem,
        host.osVersion,
        host.kernelVersion,
        host.architecture,
        host.cpus,
        host.memoryBytes,
        settings.dataRoot().toString(),
        settings.debug(),
        fileDescriptors(),
        Thread.activeCount(),
        settings.defaultRuntime(),
        runtimes(),
        kinds,
        security,
        warnings,
        host.abilities,
        version());
  }

  private static int count(List<ContainerDetails> containers, Status status) {
    return (int) containers.stream().filter(c -> c.state().status() == status).count();
  }

  private Map<String, String> storageStatus() {
    try {
      return drivers.call(DriverKind.STORAGE, settings.storageDriver(), driver -> driver.status());
    } catch (EngineException e) {
      return Map.of("Driver", "away: " + e.getMessage());
    }
  }

  private Map<String, RuntimeFeatures> runtimes() {
    Map<String, RuntimeFeatures> runtimes = new TreeMap<>();
    for (String name : drivers.names(DriverKind.RUNTIME)) {
      runtimes.put(name, drivers.call(DriverKind.RUNTIME, name, OciRuntime::features));
    }
    return runtimes;
  }

  private static int fileDescriptors() {
    try (Stream<Path> fds = Files.list(Path.of("/proc/self/fd"))) {
      return (int) fds.count();
    } catch (IOException e) {
      return 0;
    }
  }
}
