// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.gantry.api.logging.LogEntry;
import io.gantry.api.stream.StreamType;
import java.time.Instant;
import java.util.Arrays;

/**
 * Encodes entries as the lines of a json-file log into a buffer that is used again and again. Byte
 * for byte what dockerd writes: the characters that Go escapes for HTML's sake are escaped, a tab
 * is {@code \u0009}, each byte that is not part of valid UTF-8 becomes {@code \ufffd}.
 */
final class JsonLineEncoder {
  private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);
  private static final byte[] HEAD = "{\"log\":\"".getBytes(US_ASCII);
  private static final byte[] HEAD_WITHOUT_LOG = "{\"stream\":\"".getBytes(US_ASCII);
  private static final byte[] STREAM = "\",\"stream\":\"".getBytes(US_ASCII);
  private static final byte[] STDOUT = "stdout\"".getBytes(US_ASCII);
  private static final byte[] STDERR = "stderr\"".getBytes(US_ASCII);
  private static final byte[] ATTRS = ",\"attrs\":".getBytes(US_ASCII);
  private static final byte[] TIME = ",\"time\":\"".getBytes(US_ASCII);
  private static final byte[] TAIL = "Z\"}\n".getBytes(US_ASCII);

  /** Longer than everything of a line but its text and its attributes. */
  private static final int FRAME = 128;

  /** The longest escape, {@code \u0000}, for one byte. */
  private static final int WORST_EXPANSION = 6;

  private static final boolean[] PLAIN = new boolean[256];

  static {
    for (int b = 0x20; b < 0x80; b++) {
      PLAIN[b] = b != '"' && b != '\\' && b != '<' && b != '>' && b != '&';
    }
  }

  private byte[] buffer = new byte[64 * 1024];
  private int length;
  private long formattedSecond = Long.MIN_VALUE;
  private byte[] formatted = new byte[0];

  byte[] buffer() {
    return buffer;
  }

  int length() {
    return length;
  }

  void clear() {
    length = 0;
  }

  /**
   * Appends one line.
   *
   * @param attributes the encoded value of {@code attrs}, empty for none
   */
  void add(LogEntry entry, byte[] attributes) {
    byte[] line = entry.line();
    reserve(line.length * WORST_EXPANSION + attributes.length + FRAME);
    if (line.length == 0 && !entry.complete()) {
      put(HEAD_WITHOUT_LOG);
    } else {
      put(HEAD);
      length = escape(line, buffer, length);
      if (entry.complete()) {
        buffer[length++] = '\\';
        buffer[length++] = 'n';
      }
      put(STREAM);
    }
    put(entry.stream() == StreamType.STDERR ? STDERR : STDOUT);
    if (attributes.length > 0) {
      put(ATTRS);
      put(attributes);
    }
    put(TIME);
    putTime(entry.timeNanos());
    put(TAIL);
  }

  /** The text as it stands within the quotes of a JSON string. */
  static byte[] escaped(byte[] text) {
    byte[] escaped = new byte[text.length * WORST_EXPANSION];
    return Arrays.copyOf(escaped, escape(text, escaped, 0));
  }

  private static int escape(byte[] from, byte[] to, int at) {
    int i = 0;
    while (i < from.length) {
      int start = i;
      while (i < from.length && PLAIN[from[i] & 0xff]) {
        i++;
      }
      System.arraycopy(from, start, to, at, i - start);
      at += i - start;
      if (i == from.length) {
        break;
      }
      int b = from[i] & 0xff;
      if (b < 0x80) {
        at = escapeAscii(b, to, at);
        i++;
        continue;
      }
      int size = Utf8.sizeOfCharacter(from, i);
      if (size == 0) {
        at = escapeUnicode(0xfffd, to, at);
        i++;
      } else if (size == 3 && b == 0xe2 && from[i + 1] == (byte) 0x80 && isSeparator(from[i + 2])) {
        at = escapeUnicode(0x2000 | (from[i + 2] & 0x3f), to, at);
        i += size;
      } else {
        for (int end = i + size; i < end; i++) {
          to[at++] = from[i];
        }
      }
    }
    return at;
  }

  /** The last byte of U+2028 or U+2029, which JavaScript takes for line ends. */
  private static boolean isSeparator(byte last) {
    return last == (byte) 0xa8 || last == (byte) 0xa9;
  }

  private static int escapeAscii(int b, byte[] to, int at) {
    switch (b) {
      case '"', '\\' -> {
        to[at++] = '\\';
        to[at++] = (byte) b;
      }
      case '\n' -> {
        to[at++] = '\\';
        to[at++] = 'n';
      }
      case '\r' -> {
        to[at++] = '\\';
        to[at++] = 'r';
      }
      default -> at = escapeUnicode(b, to, at);
    }
    return at;
  }

  private static int escapeUnicode(int c, byte[] to, int at) {
    to[at++] = '\\';
    to[at++] = 'u';
    to[at++] = HEX[c >> 12];
    to[at++] = HEX[c >> 8 & 0xf];
    to[at++] = HEX[c >> 4 & 0xf];
    to[at++] = HEX[c & 0xf];
    return at;
  }

  /** RFC 3339 with the fraction's trailing zeros left out, as Go's RFC3339Nano. */
  private void putTime(long nanos) {
    long second = Math.floorDiv(nanos, 1_000_000_000L);
    if (second != formattedSecond) {
      String text = Instant.ofEpochSecond(second).toString();
      formatted = text.substring(0, text.length() - 1).getBytes(US_ASCII);
      formattedSecond = second;
    }
    put(formatted);
    int fraction = (int) Math.floorMod(nanos, 1_000_000_000L);
    if (fraction == 0) {
      return;
    }
    int digits = 9;
    while (fraction % 10 == 0) {
      fraction /= 10;
      digits--;
    }
    buffer[length] = '.';
    for (int i = digits; i > 0; i--) {
      buffer[length + i] = (byte) ('0' + fraction % 10);
      fraction /= 10;
    }
    length += digits + 1;
  }

  private void put(byte[] bytes) {
    System.arraycopy(bytes, 0, buffer, length, bytes.length);
    length += bytes.length;
  }

  private void reserve(int more) {
    if (buffer.length - length < more) {
      buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more));
    }
  }
}
