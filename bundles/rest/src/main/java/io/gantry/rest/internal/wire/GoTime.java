// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;

/** Times and durations as Go and dockerd print them. */
public final class GoTime {
  /** What Go prints for a time that was never set. */
  public static final String ZERO = "0001-01-01T00:00:00Z";

  private static final DateTimeFormatter NANO = fraction(0);
  private static final DateTimeFormatter NANO_FIXED = fraction(9);
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withZone(ZoneOffset.UTC);

  private GoTime() {}

  private static DateTimeFormatter fraction(int minimumDigits) {
    return new DateTimeFormatterBuilder()
        .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
        .appendFraction(ChronoField.NANO_OF_SECOND, minimumDigits, 9, true)
        .appendLiteral('Z')
        .toFormatter()
        .withZone(ZoneOffset.UTC);
  }

  /** Without trailing zeros; {@link #ZERO} for null. */
  public static String rfc3339Nano(Instant time) {
    return time == null ? ZERO : NANO.format(time);
  }

  /** Nine digits always, as the lines of {@code docker logs --timestamps}. */
  public static String rfc3339NanoFixed(long nanosSinceEpoch) {
    return NANO_FIXED.format(instant(nanosSinceEpoch));
  }

  /** Whole seconds, as the creation time of a volume. */
  public static String rfc3339(Instant time) {
    return time == null ? ZERO : SECONDS.format(time);
  }

  /** The build time in {@code docker version}: nine digits and a numeric zone. */
  public static String buildTime(Instant time) {
    String text = NANO_FIXED.format(time);
    return text.substring(0, text.length() - 1) + "+00:00";
  }

  public static Instant instant(long nanosSinceEpoch) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanosSinceEpoch, 1_000_000_000L),
        Math.floorMod(nanosSinceEpoch, 1_000_000_000L));
  }

  public static long nanos(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
  }

  /** As in {@code Up About an hour}. */
  public static String human(Duration duration) {
    long seconds = duration.toSeconds();
    long minutes = duration.toMinutes();
    long hours = Math.round(duration.toMillis() / 3_600_000.0);
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
    } else if (hours < 24 * 7 * 2) {
      return hours / 24 + " days";
    } else if (hours < 24 * 30 * 2) {
      return hours / 24 / 7 + " weeks";
    } else if (hours < 24 * 365 * 2) {
      return hours / 24 / 30 + " months";
    }
    return duration.toHours() / 24 / 365 + " years";
  }
}
