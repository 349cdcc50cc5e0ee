// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import io.gantry.api.logging.LogEntry;
import io.gantry.api.stream.StreamType;
import java.util.Arrays;

/**
 * Decodes lines of a json-file log. Keeps scratch space: one decoder for each thread that reads.
 */
final class JsonLineDecoder {
  private static final byte[] EMPTY = {};

  private byte[] scratch = new byte[1024];
  private byte[] in;
  private int at;
  private int end;
  private int textLength;

  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;

    Malformed() {
      super("not a line of a json-file log", null, false, false);
    }
  }

  /** The entry in {@code [from, to)}, without the line feed behind it; null if it is none. */
  LogEntry decode(byte[] bytes, int from, int to) {
    in = bytes;
    at = from;
    end = to;
    try {
      return object();
    } catch (Malformed e) {
      return null;
    }
  }

  private LogEntry object() throws Malformed {
    byte[] line = EMPTY;
    boolean complete = false;
    StreamType stream = StreamType.STDOUT;
    long time = Long.MIN_VALUE;
    expect('{');
    while (true) {
      string();
      int key = textLength > 0 ? scratch[0] : 0;
      expect(':');
      if (key == 'a' || peek() != '"') {
        skipValue();
      } else {
        string();
        switch (key) {
          case 'l' -> {
            complete = textLength > 0 && scratch[textLength - 1] == '\n';
            line = Arrays.copyOf(scratch, complete ? textLength - 1 : textLength);
          }
          // stdout and stderr differ in their last three letters
          case 's' -> stream = textLength == 6 && scratch[3] == 'e' ? StreamType.STDERR : stream;
          case 't' -> time = Rfc3339.parse(scratch, textLength);
          default -> {}
        }
      }
      int next = at < end ? in[at++] : 0;
      if (next == '}') {
        break;
      }
      if (next != ',') {
        throw new Malformed();
      }
    }
    if (time == Long.MIN_VALUE) {
      throw new Malformed();
    }
    return new LogEntry(stream, time, line, complete);
  }

  private int peek() throws Malformed {
    if (at >= end) {
      throw new Malformed();
    }
    return in[at];
  }

  private void expect(char c) throws Malformed {
    if (at >= end || in[at] != c) {
      throw new Malformed();
    }
    at++;
  }

  /** Reads a string into the scratch space. */
  private void string() throws Malformed {
    expect('"');
    if (scratch.length < end - at) {
      scratch = new byte[(end - at) * 2];
    }
    int length = 0;
    while (true) {
      int start = at;
      int i = at;
      while (i < end && in[i] != '"' && in[i] != '\\') {
        i++;
      }
      System.arraycopy(in, start, scratch, length, i - start);
      length += i - start;
      at = i + 1;
      if (i >= end) {
        throw new Malformed();
      }
      if (in[i] == '"') {
        textLength = length;
        return;
      }
      length = unescape(length);
    }
  }

  private int unescape(int length) throws Malformed {
    int c = peek();
    at++;
    int plain =
        switch (c) {
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'b' -> '\b';
          case 'f' -> '\f';
          case '"', '\\', '/' -> c;
          case 'u' -> -1;
          default -> throw new Malformed();
        };
    if (plain >= 0) {
      scratch[length] = (byte) plain;
      return length + 1;
    }
    int unit = hexUnit();
    if (Character.isHighSurrogate((char) unit)
        && end - at >= 6
        && in[at] == '\\'
        && in[at + 1] == 'u') {
      int back = at;
      at += 2;
      int low = hexUnit();
      if (Character.isLowSurrogate((char) low)) {
        return Utf8.put(Character.toCodePoint((char) unit, (char) low), scratch, length);
      }
      at = back;
    }
    return Utf8.put(unit, scratch, length);
  }

  private int hexUnit() throws Malformed {
    if (end - at < 4) {
      throw new Malformed();
    }
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(in[at++], 16);
      if (digit < 0) {
        throw new Malformed();
      }
      unit = unit << 4 | digit;
    }
    return unit;
  }

  /** Passes over a string, a number, an array or an object: the attributes. */
  private void skipValue() throws Malformed {
    int depth = 0;
    do {
      int c = peek();
      if (c == '"') {
        string();
        continue;
      }
      if (depth == 0 && (c == ',' || c == '}')) {
        return;
      }
      depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      at++;
    } while (at < end && (depth > 0 || (in[at] != ',' && in[at] != '}')));
  }
}
