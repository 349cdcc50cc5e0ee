// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.logging;

/**
 * A place in a log that a new instance of the driver understands as well: which file since the log
 * began, and the offset in it. Positions of one log are ordered.
 */
public record LogPosition(long file, long offset) implements Comparable<LogPosition> {
  public static final LogPosition START = new LogPosition(0, 0);

  public LogPosition {
    if (file < 0 || offset < 0) {
      throw new IllegalArgumentException("negative log position " + file + ":" + offset);
    }
  }

  @Override
  public int compareTo(LogPosition other) {
    int byFile = Long.compare(file, other.file);
    return byFile != 0 ? byFile : Long.compare(offset, other.offset);
  }
}
