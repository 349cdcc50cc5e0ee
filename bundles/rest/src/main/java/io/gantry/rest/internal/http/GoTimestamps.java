// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

import io.gantry.rest.internal.wire.MalformedRequestException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time as filters name them: {@code 24h} ago, a date, or seconds since the epoch. */
public final class GoTimestamps {
  private static final Pattern DURATION = Pattern.compile("([0-9.]+(ns|us|µs|ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("([0-9.]+)(ns|us|µs|ms|s|m|h)");
  private static final Pattern SECONDS = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  private GoTimestamps() {}

  /**
   * The point in time.
   *
   * @throws MalformedRequestException for what is none of them
   */
  public static Instant parse(String text, Instant now) {
    try {
      if (SECONDS.matcher(text).matches()) {
        return GoNumbers.timestamp(text);
      }
      if (DURATION.matcher(text).matches()) {
        return now.minus(duration(text));
      }
      return date(text);
    } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
      throw new MalformedRequestException(
          "failed to parse value as time or duration: \"" + text + "\"");
    }
  }

  private static Duration duration(String text) {
    double nanos = 0;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      nanos += Double.parseDouble(part.group(1)) * unit(part.group(2));
    }
    return Duration.ofNanos((long) nanos);
  }

  private static double unit(String name) {
    return switch (name) {
      case "ns" -> 1;
      case "ms" -> 1e6;
      case "s" -> 1e9;
      case "m" -> 60e9;
      case "h" -> 3600e9;
      default -> 1e3;
    };
  }

  /** Without a zone it is the machine's, which is UTC for a daemon. */
  private static Instant date(String text) {
    if (text.indexOf('T') < 0) {
      return LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
    int time = text.indexOf('T');
    boolean zone = text.endsWith("Z") || text.indexOf('+', time) > 0 || text.indexOf('-', time) > 0;
    return zone
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }
}
