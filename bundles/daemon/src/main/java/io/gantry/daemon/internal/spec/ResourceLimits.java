// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import io.gantry.api.engine.ContainerSpec.ResourceOptions;
import io.gantry.api.runtime.RuntimeSpec.Cpu;
import io.gantry.api.runtime.RuntimeSpec.DeviceRule;
import io.gantry.api.runtime.RuntimeSpec.Memory;
import io.gantry.api.runtime.RuntimeSpec.Resources;
import java.util.List;

/** Docker's limits in the units of the runtime specification. */
final class ResourceLimits {
  private static final long PERIOD_MICROS = 100_000;
  private static final long NANOS_PER_CPU = 1_000_000_000L;

  private ResourceLimits() {}

  static Resources of(ResourceOptions options, List<DeviceRule> devices) {
    Long pids =
        options.pidsLimit() == null || options.pidsLimit() <= 0 ? null : options.pidsLimit();
    return new Resources(devices, memory(options), cpu(options), pids);
  }

  private static Memory memory(ResourceOptions options) {
    Long limit = positive(options.memory());
    Long reservation = positive(options.memoryReservation());
    Long swap = positive(options.memorySwap());
    if (limit != null && options.memorySwap() == 0) {
      // As much swap as memory, unless said otherwise.
      swap = 2 * limit;
    }
    return limit == null && reservation == null && swap == null
        ? null
        : new Memory(limit, reservation, swap);
  }

  private static Cpu cpu(ResourceOptions options) {
    Long quota = options.cpuQuota() == 0 ? null : options.cpuQuota();
    Long period = positive(options.cpuPeriod());
    if (options.nanoCpus() > 0) {
      period = PERIOD_MICROS;
      quota = options.nanoCpus() * PERIOD_MICROS / NANOS_PER_CPU;
    }
    Long shares = positive(options.cpuShares());
    String cpus = textOrNull(options.cpusetCpus());
    String mems = textOrNull(options.cpusetMems());
    return quota == null && period == null && shares == null && cpus == null && mems == null
        ? null
        : new Cpu(shares, quota, period, cpus, mems);
  }

  private static Long positive(long value) {
    return value > 0 ? value : null;
  }

  private static String textOrNull(String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
