// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.drivers.internal;

import java.time.Duration;

/**
 * How long is waited for what.
 *
 * @param absence a caller for a driver that is away: longer than an update with its roll-back takes
 * @param drain an update for the calls in flight: less than the 5 s that Declarative Services waits
 *     for a lock of its own
 * @param interruption for calls that were interrupted to come back
 * @param activation for an updated driver to register its service
 * @param startup after the registry's own start: how long a name that was never seen is taken for
 *     one that is still to come
 */
record Patience(
    Duration absence,
    Duration drain,
    Duration interruption,
    Duration activation,
    Duration startup) {
  static final Patience DEFAULT =
      new Patience(
          Duration.ofSeconds(30),
          Duration.ofSeconds(4),
          Duration.ofMillis(500),
          Duration.ofSeconds(10),
          Duration.ofSeconds(10));
}
