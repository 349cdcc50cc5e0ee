// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import io.gantry.api.logging.LogBatch;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.stream.StreamType;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Reads the log of one container while it may be written: files are opened by their generation, so
 * a rotation does not disturb, and nothing behind {@code end} is looked at.
 */
final class LogReader {
  /** A filter that lets little through ends a call after so many bytes of the file. */
  private static final long SCAN_LIMIT = 32 << 20;

  private static final int MIN_READ = 16 * 1024;
  private static final int GZIP_BUFFER = 64 * 1024;

  private final LogGenerations generations;

  LogReader(LogGenerations generations) {
    this.generations = generations;
  }

  /** dockerd counts the lines of both streams for {@code tail}, and filters after that. */
  LogPosition seek(LogPosition end, LogQuery query) throws IOException {
    if (query.tail() == 0) {
      return end;
    }
    var files = generations.list().headSet(end.file(), true);
    if (files.isEmpty()) {
      return end;
    }
    if (query.tail() < 0) {
      return first(end, new LogPosition(files.first(), 0));
    }
    long wanted = query.tail();
    for (long file : files.descendingSet()) {
      LineSearch.Found found = lastLines(file, file == end.file() ? end.offset() : -1, wanted);
      wanted -= found.lines();
      if (wanted <= 0) {
        return new LogPosition(file, found.offset());
      }
    }
    return first(end, new LogPosition(files.first(), 0));
  }

  private static LogPosition first(LogPosition a, LogPosition b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private LineSearch.Found lastLines(long generation, long limit, long wanted) throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(generations.plain(generation).toFile(), "r")) {
      long length = file.length();
      return LineSearch.lastLines(file, limit < 0 ? length : Math.min(limit, length), wanted);
    } catch (FileNotFoundException e) {
      try {
        return LineSearch.lastLines(() -> openCompressed(generation), wanted);
      } catch (FileNotFoundException dropped) {
        return new LineSearch.Found(0, 0);
      }
    }
  }

  LogBatch read(
      LogPosition from, LogPosition end, LogQuery query, int maxBytes, ReadBuffers buffers)
      throws IOException {
    List<LogEntry> entries = new ArrayList<>();
    Progress progress = new Progress(query, maxBytes, entries);
    LogPosition at = from;
    while (at.compareTo(end) < 0 && !progress.isEnough()) {
      boolean last = at.file() == end.file();
      long limit = last ? end.offset() : Long.MAX_VALUE;
      long stop;
      try (InputStream in = open(at.file(), at.offset())) {
        stop = progress.readFile(in, at.offset(), limit, buffers);
      } catch (FileNotFoundException e) {
        Long next = generations.list().higher(at.file());
        if (next == null || next > end.file()) {
          return new LogBatch(entries, end);
        }
        at = new LogPosition(next, 0);
        continue;
      }
      at = new LogPosition(at.file(), stop);
      if (progress.isEnough() || last) {
        break;
      }
      at = new LogPosition(at.file() + 1, 0);
    }
    // a log that somebody emptied has its end before a position that was read earlier
    return new LogBatch(entries, first(at, end));
  }

  private InputStream open(long generation, long offset) throws IOException {
    InputStream in;
    try {
      in = openPlain(generation, offset);
      return in;
    } catch (FileNotFoundException e) {
      in = openCompressed(generation);
    }
    try {
      in.skipNBytes(offset);
    } catch (IOException e) {
      in.close();
      throw e;
    }
    return in;
  }

  private InputStream openPlain(long generation, long offset) throws IOException {
    FileInputStream in = new FileInputStream(generations.plain(generation).toFile());
    try {
      in.getChannel().position(offset);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  private InputStream openCompressed(long generation) throws IOException {
    FileInputStream in = new FileInputStream(generations.compressed(generation).toFile());
    try {
      return new GZIPInputStream(in, GZIP_BUFFER);
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /** What one call has read so far. */
  private static final class Progress {
    private final LogQuery query;
    private final int maxBytes;
    private final List<LogEntry> entries;
    private final JsonLineDecoder decoder = new JsonLineDecoder();
    private long lineBytes;
    private long scanned;

    Progress(LogQuery query, int maxBytes, List<LogEntry> entries) {
      this.query = query;
      this.maxBytes = maxBytes;
      this.entries = entries;
    }

    boolean isEnough() {
      return lineBytes >= maxBytes || scanned >= SCAN_LIMIT;
    }

    /** Returns the offset behind the last whole line that was taken. */
    long readFile(InputStream in, long offset, long limit, ReadBuffers buffers) throws IOException {
      byte[] buffer = buffers.take();
      try {
        int held = 0;
        while (!isEnough()) {
          if (held == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
          }
          long wanted = Math.min(limit - offset - held, Math.max(MIN_READ, maxBytes - lineBytes));
          int n = in.read(buffer, held, (int) Math.min(buffer.length - held, wanted));
          if (n <= 0) {
            break;
          }
          held += n;
          int used = takeLines(buffer, held);
          offset += used;
          scanned += used;
          System.arraycopy(buffer, used, buffer, 0, held - used);
          held -= used;
        }
        return offset;
      } finally {
        buffers.giveBack(buffer);
      }
    }

    private int takeLines(byte[] buffer, int length) {
      int start = 0;
      while (lineBytes < maxBytes) {
        int i = start;
        while (i < length && buffer[i] != '\n') {
          i++;
        }
        if (i == length) {
          break;
        }
        LogEntry entry = decoder.decode(buffer, start, i);
        // a line that a power failure damaged is passed over, not the end of the log
        if (entry != null && matches(entry)) {
          entries.add(entry);
          lineBytes += entry.line().length + 1L;
        }
        start = i + 1;
      }
      return start;
    }

    private boolean matches(LogEntry entry) {
      boolean wanted = entry.stream() == StreamType.STDERR ? query.stderr() : query.stdout();
      return wanted
          && entry.timeNanos() >= query.sinceNanos()
          && (query.untilNanos() == 0 || entry.timeNanos() <= query.untilNanos());
    }
  }
}
