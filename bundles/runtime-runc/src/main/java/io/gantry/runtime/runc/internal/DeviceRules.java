// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.RuntimeSpec.DeviceRule;
import java.util.ArrayList;
import java.util.List;

/** The rules that every container with rules has besides its own, as runc adds them. */
final class DeviceRules {
  private static final List<DeviceRule> ALWAYS =
      List.of(
          new DeviceRule(true, "c", null, null, "m"),
          new DeviceRule(true, "b", null, null, "m"),
          new DeviceRule(true, "c", 1L, 3L, "rwm"), // null
          new DeviceRule(true, "c", 1L, 8L, "rwm"), // random
          new DeviceRule(true, "c", 1L, 7L, "rwm"), // full
          new DeviceRule(true, "c", 5L, 0L, "rwm"), // tty
          new DeviceRule(true, "c", 1L, 5L, "rwm"), // zero
          new DeviceRule(true, "c", 1L, 9L, "rwm"), // urandom
          new DeviceRule(true, "c", 136L, null, "rwm"), // pts
          new DeviceRule(true, "c", 5L, 2L, "rwm")); // ptmx

  private DeviceRules() {}

  static RuntimeSpec.Resources complete(RuntimeSpec.Resources resources) {
    if (resources.devices().isEmpty()) {
      return resources;
    }
    List<DeviceRule> rules = new ArrayList<>(resources.devices());
    rules.addAll(ALWAYS);
    return new RuntimeSpec.Resources(
        rules, resources.memory(), resources.cpu(), resources.pidsLimit());
  }
}
