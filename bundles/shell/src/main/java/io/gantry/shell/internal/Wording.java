// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.ContainerState;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Ids, times, sizes and states in the docker CLI's words. */
final class Wording {
  private static final int SHORT_ID = 12;
  private static final int COMMAND = 20;

  private Wording() {}

  static String shortId(String id) {
    String digits = id.startsWith("sha256:") ? id.substring("sha256:".length()) : id;
    return digits.substring(0, Math.min(SHORT_ID, digits.length()));
  }

  static String command(String path, Iterable<String> arguments) {
    StringBuilder line = new StringBuilder(path);
    arguments.forEach(argument -> line.append(' ').append(argument));
    String text = line.length() > COMMAND ? line.substring(0, COMMAND - 1) + "…" : line.toString();
    return '"' + text.replace("\n", "\\n") + '"';
  }

  static String ago(Instant then, Instant now) {
    return duration(Duration.between(then, now)) + " ago";
  }

  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    long minutes = duration.toMinutes();
    long hours = (minutes + 30) / 60;
    if (seconds < 1) {
      return "Less than a second";
    } else if (seconds == 1) {
      return "1 second";
    } else if (seconds < 60) {
      return seconds + " seconds";
    } else if (minutes == 1) {
      return "About a minute";
    } else if (minutes < 60) {
      return minutes + " minutes";
    } else if (hours == 1) {
      return "About an hour";
    } else if (hours < 48) {
      return hours + " hours";
    } else if (hours < 24 * 14) {
      return hours / 24 + " days";
    } else if (hours < 24 * 60) {
      return hours / 24 / 7 + " weeks";
    } else if (hours < 24 * 365 * 2) {
      return hours / 24 / 30 + " months";
    }
    return hours / 24 / 365 + " years";
  }

  static String status(ContainerState state, Instant now) {
    return switch (state.status()) {
      case CREATED -> "Created";
      case RUNNING -> "Up " + since(state.startedAt(), now);
      case PAUSED -> "Up " + since(state.startedAt(), now) + " (Paused)";
      case RESTARTING ->
          "Restarting (" + state.exitCode() + ") " + since(state.finishedAt(), now) + " ago";
      case REMOVING -> "Removal In Progress";
      case EXITED -> "Exited (" + state.exitCode() + ") " + since(state.finishedAt(), now) + " ago";
      case DEAD -> "Dead";
    };
  }

  private static String since(Instant then, Instant now) {
    return then == null ? "some time" : duration(Duration.between(then, now));
  }

  /** Four digits, powers of 1000. */
  static String size(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    String digits =
        new java.math.BigDecimal(value)
            .round(new java.math.MathContext(3))
            .stripTrailingZeros()
            .toPlainString();
    return String.format(Locale.ROOT, "%s%s", digits, units[unit]);
  }
}
