// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import io.gantry.api.runtime.RuntimeFeatures;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** What {@code docker info} and {@code docker version} tell. */
@ProviderType
public interface SystemInfo {
  Version version();

  Info info();

  record Version(
      String version,
      String gitCommit,
      Instant buildTime,
      String kernelVersion,
      String os,
      String arch) {}

  /**
   * @param cgroupVersion {@code 1} or {@code 2}
   * @param drivers names of the drivers that are there, by kind: {@code volume}, {@code network},
   *     {@code log}
   * @param kernelAbilities by the names that {@code docker info} has for them: {@code MemoryLimit},
   *     {@code SwapLimit}, {@code CpuCfsQuota}, {@code PidsLimit}, {@code IPv4Forwarding} and so
   *     on; what is missing is taken as not there
   */
  record Info(
      String id,
      String name,
      int containers,
      int containersRunning,
      int containersPaused,
      int containersStopped,
      int images,
      String storageDriver,
      Map<String, String> storageStatus,
      String loggingDriver,
      String cgroupDriver,
      String cgroupVersion,
      int eventsListeners,
      String operatingSystem,
      String osVersion,
      String kernelVersion,
      String architecture,
      int cpus,
      long memoryBytes,
      String dataRoot,
      boolean debug,
      int fileDescriptors,
      int threads,
      String defaultRuntime,
      Map<String, RuntimeFeatures> runtimes,
      Map<String, List<String>> drivers,
      List<String> securityOptions,
      List<String> warnings,
      Map<String, Boolean> kernelAbilities,
      Version version) {
    public Info {
      drivers = Map.copyOf(drivers);
      runtimes = Map.copyOf(runtimes);
      securityOptions = List.copyOf(securityOptions);
      warnings = List.copyOf(warnings);
      kernelAbilities = Map.copyOf(kernelAbilities);
    }
  }
}
