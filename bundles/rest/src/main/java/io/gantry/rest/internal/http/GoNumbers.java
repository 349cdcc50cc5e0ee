// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

import io.gantry.rest.internal.wire.MalformedRequestException;
import java.time.Instant;

/** Numbers in query parameters, with the messages of Go's {@code strconv}. */
public final class GoNumbers {
  private GoNumbers() {}

  public static int atoi(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new MalformedRequestException(message("Atoi", text));
    }
  }

  /** As {@link #atoi}, but every API version answers a bad number with 400. */
  public static int checkedAtoi(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw MalformedRequestException.badRequest(message("Atoi", text));
    }
  }

  /** Seconds since the epoch, with up to nine decimals. */
  public static Instant timestamp(String text) {
    int point = text.indexOf('.');
    long seconds = parseInt(point < 0 ? text : text.substring(0, point));
    if (point < 0) {
      return Instant.ofEpochSecond(seconds);
    }
    String decimals = text.substring(point + 1);
    parseInt(decimals);
    return Instant.ofEpochSecond(seconds, parseInt((decimals + "000000000").substring(0, 9)));
  }

  private static long parseInt(String text) {
    try {
      long seconds = Long.parseLong(text);
      if (Math.abs(seconds) < Instant.MAX.getEpochSecond()) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      // as for a number out of range
    }
    throw new MalformedRequestException(message("ParseInt", text));
  }

  private static String message(String function, String text) {
    return "strconv." + function + ": parsing \"" + text + "\": invalid syntax";
  }
}
