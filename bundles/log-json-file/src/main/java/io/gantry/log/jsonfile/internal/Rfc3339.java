// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

/** Reads the one form of time that stands in a log: {@code 2024-11-24T11:54:16.123456789Z}. */
final class Rfc3339 {
  private static final int DIGITS_OF_NANOS = 9;

  private Rfc3339() {}

  /** Nanoseconds since the epoch; {@code Long.MIN_VALUE} if it is no such time. */
  static long parse(byte[] text, int length) {
    if (length < 20
        || text[4] != '-'
        || text[7] != '-'
        || text[10] != 'T'
        || text[13] != ':'
        || text[16] != ':'
        || text[length - 1] != 'Z'
        || (length > 20 && text[19] != '.')) {
      return Long.MIN_VALUE;
    }
    long days = epochDay(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
    long seconds =
        days * 86_400
            + number(text, 11, 13) * 3_600L
            + number(text, 14, 16) * 60L
            + number(text, 17, 19);
    int digits = Math.max(0, length - 21);
    if (digits > DIGITS_OF_NANOS) {
      return Long.MIN_VALUE;
    }
    long nanos = digits == 0 ? 0 : number(text, 20, length - 1);
    for (int i = digits; i < DIGITS_OF_NANOS; i++) {
      nanos *= 10;
    }
    return seconds * 1_000_000_000L + nanos;
  }

  private static int number(byte[] text, int from, int to) {
    int n = 0;
    for (int i = from; i < to; i++) {
      n = n * 10 + text[i] - '0';
    }
    return n;
  }

  /** Days since the epoch in the proleptic Gregorian calendar, with years that begin in March. */
  private static long epochDay(int year, int month, int day) {
    int y = month <= 2 ? year - 1 : year;
    int era = Math.floorDiv(y, 400);
    int yearOfEra = y - era * 400;
    int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
    return era * 146_097L + dayOfEra - 719_468;
  }
}
