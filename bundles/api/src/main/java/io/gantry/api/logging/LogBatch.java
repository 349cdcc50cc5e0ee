// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.logging;

import java.util.List;
import java.util.Objects;

/**
 * Entries that were read, and the position behind the last of them.
 *
 * @param next where the next read goes on; equal to the position asked for when nothing new is
 *     there
 */
public record LogBatch(List<LogEntry> entries, LogPosition next) {
  public LogBatch {
    entries = List.copyOf(entries);
    Objects.requireNonNull(next, "next");
  }
}
