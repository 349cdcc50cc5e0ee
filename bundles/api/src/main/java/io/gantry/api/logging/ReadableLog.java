// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.logging;

import org.osgi.annotation.versioning.ConsumerType;

/** A further ability of a {@link LogDriver}: {@code docker logs} works with it. */
@ConsumerType
public interface ReadableLog {
  /** Where a read that wants the query's {@code tail} has to begin, not past {@code end}. */
  LogPosition seek(LogTarget target, LogPosition end, LogQuery query);

  /**
   * Reads entries that match, from {@code from} up to {@code end}, at most about {@code maxBytes}
   * of lines at a time. There may be no entry although the position has moved: much was read that
   * did not match. A position whose file has been rotated away is taken as the oldest that is left,
   * one behind {@code end} (somebody emptied the file) as {@code end}.
   */
  LogBatch read(LogTarget target, LogPosition from, LogPosition end, LogQuery query, int maxBytes);
}
