// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.api.logging.LogEntry;
import io.gantry.api.stream.StreamType;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Cuts one stream into log entries as dockerd does: at line feeds, and a line that reaches 16 KiB
 * into parts. All parts of a line carry the time of the first. What is left at the end of the
 * stream is a part as well: it had no line feed.
 */
final class LineSplitter {
  static final int MAX_LINE = 16 * 1024;

  private final StreamType stream;
  private byte[] pending = new byte[128];
  private int length;
  private boolean inParts;
  private long partTime;

  LineSplitter(StreamType stream) {
    this.stream = stream;
  }

  /** How many bytes wait for the end of their line. */
  int pending() {
    return length;
  }

  /** The bytes that wait for the end of their line. */
  byte[] pendingBytes() {
    return Arrays.copyOf(pending, length);
  }

  void feed(byte[] bytes, int count, long timeNanos, Consumer<LogEntry> entries) {
    int start = 0;
    int limit = Math.min(count, MAX_LINE - length);
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        emit(bytes, start, i, timeNanos, true, entries);
        start = i + 1;
        limit = Math.min(count, start + MAX_LINE);
      } else if (i + 1 == limit && i + 1 - start + length == MAX_LINE) {
        emit(bytes, start, i + 1, timeNanos, false, entries);
        start = i + 1;
        limit = Math.min(count, start + MAX_LINE);
      }
    }
    keep(bytes, start, count - start);
  }

  /** The stream ended. */
  void finish(long timeNanos, Consumer<LogEntry> entries) {
    if (length > 0) {
      emit(pending, 0, 0, timeNanos, false, entries);
    }
  }

  private void emit(
      byte[] bytes,
      int start,
      int end,
      long timeNanos,
      boolean complete,
      Consumer<LogEntry> entries) {
    byte[] line;
    if (length == 0) {
      line = Arrays.copyOfRange(bytes, start, end);
    } else {
      line = Arrays.copyOf(pending, length + end - start);
      System.arraycopy(bytes, start, line, length, end - start);
      length = 0;
    }
    long time = inParts ? partTime : timeNanos;
    inParts = !complete;
    partTime = time;
    entries.accept(new LogEntry(stream, time, line, complete));
  }

  private void keep(byte[] bytes, int start, int count) {
    if (length + count > pending.length) {
      pending = Arrays.copyOf(pending, Math.max(length + count, 2 * pending.length));
    }
    System.arraycopy(bytes, start, pending, length, count);
    length += count;
  }
}
