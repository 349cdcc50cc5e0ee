// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.stream;

import io.gantry.rest.internal.wire.GoTime;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes times with nine decimals. Lines come many a second, so its text is kept. */
final class LogTimestamps {
  static final int SIZE = "2006-01-02T15:04:05.000000000Z".length();

  private static final int DECIMALS = 9;
  private static final int DECIMALS_AT = SIZE - DECIMALS - 1;
  private static final long SECOND = 1_000_000_000L;

  private final byte[] text = new byte[SIZE];
  private long second = Long.MIN_VALUE;

  void put(ByteBuffer out, long nanos) {
    long now = Math.floorDiv(nanos, SECOND);
    if (now != second) {
      byte[] whole = GoTime.rfc3339NanoFixed(now * SECOND).getBytes(StandardCharsets.US_ASCII);
      System.arraycopy(whole, 0, text, 0, SIZE);
      second = now;
    }
    long rest = Math.floorMod(nanos, SECOND);
    for (int i = DECIMALS_AT + DECIMALS - 1; i >= DECIMALS_AT; i--) {
      text[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    out.put(text);
  }
}
