// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.ContainerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The state of a container in the words of {@code docker ps}. */
public final class ContainerStatus {
  private ContainerStatus() {}

  /** As in {@code running}. */
  public static String word(ContainerState.Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }

  /** As in {@code Up 3 seconds} and {@code Exited (0) 2 minutes ago}. */
  public static String sentence(ContainerState state, Instant now) {
    return switch (state.status()) {
      case RUNNING -> "Up " + since(state.startedAt(), now);
      case PAUSED -> "Up " + since(state.startedAt(), now) + " (Paused)";
      case RESTARTING ->
          "Restarting (" + state.exitCode() + ") " + since(state.finishedAt(), now) + " ago";
      case REMOVING -> "Removal In Progress";
      case DEAD -> "Dead";
      case CREATED -> "Created";
      case EXITED -> exited(state, now);
    };
  }

  private static String exited(ContainerState state, Instant now) {
    if (state.startedAt() == null) {
      return "Created";
    }
    if (state.finishedAt() == null) {
      return "";
    }
    return "Exited (" + state.exitCode() + ") " + since(state.finishedAt(), now) + " ago";
  }

  private static String since(Instant then, Instant now) {
    return GoTime.human(then == null ? Duration.ZERO : Duration.between(then, now));
  }
}
