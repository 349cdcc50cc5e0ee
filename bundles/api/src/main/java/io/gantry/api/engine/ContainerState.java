// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import java.time.Instant;

/**
 * The state of a container.
 *
 * @param error why the last start failed, empty otherwise
 * @param startedAt null before the first start
 * @param finishedAt null before the first end
 */
public record ContainerState(
    Status status,
    int pid,
    int exitCode,
    String error,
    boolean oomKilled,
    Instant startedAt,
    Instant finishedAt) {
  /** As the {@code Status} of {@code docker inspect}, in lower case. */
  public enum Status {
    CREATED,
    RUNNING,
    PAUSED,
    RESTARTING,
    REMOVING,
    EXITED,
    DEAD
  }

  /** Whether there is a process: running, paused or between two restarts. */
  public boolean running() {
    return status == Status.RUNNING || status == Status.PAUSED || status == Status.RESTARTING;
  }
}
