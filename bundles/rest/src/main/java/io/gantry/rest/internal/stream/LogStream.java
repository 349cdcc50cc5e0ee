// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.stream;

import io.gantry.api.engine.LogSink;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.stream.StreamType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Log entries on their way to a client: a batch is one chunk of the response. */
public final class LogStream implements LogSink {
  /** Number of the stream for what the engine itself has to say. */
  private static final byte SYSTEM_ERROR = 3;

  private final ChunkedStream out;
  private final boolean framed;
  private final LogTimestamps timestamps;
  private final byte[] details;

  /**
   * A sink on the body of a response.
   *
   * @param framed false for the log of a terminal
   * @param details what is said before each line; null for nothing, not even a space
   */
  public LogStream(ChunkedStream out, boolean framed, boolean timestamps, String details) {
    this.out = out;
    this.framed = framed;
    this.timestamps = timestamps ? new LogTimestamps() : null;
    this.details = details == null ? new byte[0] : (details + " ").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public CompletionStage<Void> write(List<LogEntry> entries) {
    int size = 0;
    for (LogEntry entry : entries) {
      size += (framed ? Frames.HEADER_SIZE : 0) + payloadSize(entry);
    }
    ByteBuffer chunk = ByteBuffer.allocate(size);
    for (LogEntry entry : entries) {
      if (framed) {
        Frames.putHeader(chunk, entry.stream(), payloadSize(entry));
      }
      putPayload(chunk, entry);
    }
    return out.write(chunk.flip());
  }

  private int payloadSize(LogEntry entry) {
    return (timestamps != null ? LogTimestamps.SIZE + 1 : 0)
        + details.length
        + entry.line().length
        + (entry.complete() ? 1 : 0);
  }

  private void putPayload(ByteBuffer chunk, LogEntry entry) {
    if (timestamps != null) {
      timestamps.put(chunk, entry.timeNanos());
      chunk.put((byte) ' ');
    }
    chunk.put(details).put(entry.line());
    if (entry.complete()) {
      chunk.put((byte) '\n');
    }
  }

  @Override
  public void end(Throwable failure) {
    if (failure == null) {
      out.end();
      return;
    }
    byte[] text =
        ("Error grabbing logs: " + failure.getMessage() + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer chunk = ByteBuffer.allocate(Frames.HEADER_SIZE + text.length);
    if (framed) {
      Frames.putHeader(chunk, StreamType.STDIN, text.length);
      chunk.put(0, SYSTEM_ERROR);
    }
    out.write(chunk.put(text).flip()).thenRun(out::end);
  }
}
