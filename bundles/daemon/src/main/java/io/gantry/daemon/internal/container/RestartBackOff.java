// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import java.time.Duration;
import java.time.Instant;

/**
 * Docker's delays between restarts: 100 ms, doubled each time up to a minute, and anew after ten
 * seconds of running.
 */
final class RestartBackOff {
  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 60_000;
  private static final Duration STABLE = Duration.ofSeconds(10);

  private long next = FIRST_MILLIS;

  long delayMillis(Instant startedAt, Instant finishedAt) {
    if (Duration.between(startedAt, finishedAt).compareTo(STABLE) >= 0) {
      next = FIRST_MILLIS;
    }
    long delay = next;
    next = Math.min(next * 2, LONGEST_MILLIS);
    return delay;
  }
}
