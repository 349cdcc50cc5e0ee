// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;

/** Finds line ends from the end of a file. A line feed stands only at the end of a record. */
final class LineSearch {
  private static final int BLOCK = 64 * 1024;

  private LineSearch() {}

  /** The offset behind the last line feed before {@code limit}; 0 if there is none. */
  static long endOfLastLine(RandomAccessFile file, long limit) throws IOException {
    return behindLineFeedFromEnd(file, limit, 1).offset();
  }

  /**
   * Where the last {@code lines} lines before {@code limit} begin, which is the end of a line.
   *
   * @return the offset, and how many lines were found; fewer than asked for with offset 0
   */
  static Found lastLines(RandomAccessFile file, long limit, long lines) throws IOException {
    if (limit == 0) {
      return new Found(0, 0);
    }
    // the line feed at the very end closes the last line and separates nothing
    Found found = behindLineFeedFromEnd(file, limit - 1, lines);
    return found.offset() > 0 ? found : new Found(0, found.lines() + 1);
  }

  /** The same in a stream that can only be read forwards, for which it is read twice. */
  static Found lastLines(StreamSource source, long lines) throws IOException {
    long total = countLines(source);
    if (total <= lines) {
      return new Found(0, total);
    }
    long skip = total - lines;
    long offset = 0;
    byte[] block = new byte[BLOCK];
    try (InputStream in = source.open()) {
      for (int n; (n = in.read(block)) > 0; offset += n) {
        for (int i = 0; i < n; i++) {
          if (block[i] == '\n' && --skip == 0) {
            return new Found(offset + i + 1, lines);
          }
        }
      }
    }
    return new Found(offset, 0);
  }

  private static long countLines(StreamSource source) throws IOException {
    long total = 0;
    byte[] block = new byte[BLOCK];
    try (InputStream in = source.open()) {
      for (int n; (n = in.read(block)) > 0; ) {
        for (int i = 0; i < n; i++) {
          total += block[i] == '\n' ? 1 : 0;
        }
      }
    }
    return total;
  }

  private static Found behindLineFeedFromEnd(RandomAccessFile file, long limit, long count)
      throws IOException {
    byte[] block = new byte[(int) Math.min(BLOCK, limit)];
    long found = 0;
    for (long end = limit; end > 0; ) {
      int n = (int) Math.min(block.length, end);
      file.seek(end - n);
      file.readFully(block, 0, n);
      for (int i = n - 1; i >= 0; i--) {
        if (block[i] == '\n' && ++found == count) {
          return new Found(end - n + i + 1, count);
        }
      }
      end -= n;
    }
    return new Found(0, found);
  }

  record Found(long offset, long lines) {}

  /** Opens the same bytes each time. */
  interface StreamSource {
    InputStream open() throws IOException;
  }
}
