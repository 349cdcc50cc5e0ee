// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.logging;

import io.gantry.api.stream.StreamType;
import java.util.Objects;

/**
 * One line of output, or a part of a long one. The array is owned by whoever receives the entry and
 * must not be changed by the sender afterwards.
 *
 * @param timeNanos nanoseconds since the epoch
 * @param line the bytes, without the line feed
 * @param complete false for a part of a line that goes on in the next entry of the same stream
 */
@SuppressWarnings("ArrayRecordComponent") // lines are hot and never compared
public record LogEntry(StreamType stream, long timeNanos, byte[] line, boolean complete) {
  public LogEntry {
    Objects.requireNonNull(stream, "stream");
    Objects.requireNonNull(line, "line");
  }
}
