// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.ContainerSpec.ResourceOptions;
import io.gantry.api.error.EngineException;
import java.util.regex.Pattern;

/** What limits may be. */
final class ResourceChecks {
  private static final long MEMORY_LEAST = 6L << 20;
  private static final Pattern CPU_RANGE = Pattern.compile("[0-9]{1,5}(-[0-9]{1,5})?");

  private ResourceChecks() {}

  static void check(ResourceOptions resources) {
    long memory = resources.memory();
    if (memory != 0 && memory < MEMORY_LEAST) {
      throw EngineException.invalid("Minimum memory limit allowed is 6MB");
    }
    if (resources.memorySwap() > 0 && memory == 0) {
      throw EngineException.invalid(
          "You should always set the Memory limit when using Memoryswap limit, see usage");
    }
    if (memory > 0 && resources.memorySwap() > 0 && resources.memorySwap() < memory) {
      throw EngineException.invalid(
          "Minimum memoryswap limit should be larger than memory limit, see usage");
    }
    if (memory > 0 && resources.memoryReservation() > memory) {
      throw EngineException.invalid(
          "Minimum memory limit can not be less than memory reservation limit, see usage");
    }
    if (resources.nanoCpus() > 0 && (resources.cpuPeriod() > 0 || resources.cpuQuota() > 0)) {
      throw EngineException.invalid(
          "Conflicting options: Nano CPUs and CPU "
              + (resources.cpuPeriod() > 0 ? "Period" : "Quota")
              + " cannot both be set");
    }
    checkCpus(resources.cpusetCpus());
    int processors = Runtime.getRuntime().availableProcessors();
    if (resources.nanoCpus() < 0 || resources.nanoCpus() > processors * 1_000_000_000L) {
      throw EngineException.invalid(
          "Range of CPUs is from 0.01 to "
              + processors
              + ".00, as there are only "
              + processors
              + " CPUs available");
    }
    if (resources.oomScoreAdj() < -1000 || resources.oomScoreAdj() > 1000) {
      throw EngineException.invalid(
          "Invalid value "
              + resources.oomScoreAdj()
              + ", range for oom score adj is [-1000, 1000]");
    }
  }

  private static void checkCpus(String wanted) {
    if (wanted == null || wanted.isEmpty()) {
      return;
    }
    int most = Runtime.getRuntime().availableProcessors() - 1;
    for (String range : wanted.split(",", -1)) {
      if (!CPU_RANGE.matcher(range).matches()) {
        throw EngineException.invalid(
            "Invalid value " + wanted + " for cpuset cpus: invalid format: " + wanted);
      }
      int last = Integer.parseInt(range.substring(range.indexOf('-') + 1));
      if (last > most) {
        throw EngineException.invalid(
            "Requested CPUs are not available - requested "
                + wanted
                + ", available: "
                + (most == 0 ? "0" : "0-" + most));
      }
    }
  }
}
