// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.ContainerSpec.LifecycleOptions;
import io.gantry.api.error.EngineException;
import java.util.Set;

/** What {@code --restart} may be. */
final class RestartChecks {
  private static final Set<String> NAMES =
      Set.of("", "no", "always", "unless-stopped", "on-failure");

  private RestartChecks() {}

  static void check(LifecycleOptions options) {
    String name = options.restart();
    if (!NAMES.contains(name)) {
      throw EngineException.invalid("invalid restart policy '" + name + "'");
    }
    if (options.restartMaximumRetries() < 0) {
      throw EngineException.invalid("maximum retry count cannot be negative");
    }
    if (options.restartMaximumRetries() > 0 && !name.equals("on-failure")) {
      throw EngineException.invalid(
          "maximum retry count cannot be used with restart policy '" + name + "'");
    }
    if (options.autoRemove() && !name.isEmpty() && !name.equals("no")) {
      throw EngineException.invalid("can't create 'AutoRemove' container with restart policy");
    }
  }
}
