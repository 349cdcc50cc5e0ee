// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogTarget;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes the log of one container. What it holds is a cache of what is on disk: a position that
 * does not fit the cache makes it look again.
 *
 * <p>A generation is dropped only when the position that comes in lies far enough behind it, not
 * when it is rotated away: until then the engine may ask to go back into it.
 */
final class LogWriter {
  /** So much is encoded before it is written. */
  private static final int FLUSH_BYTES = 1 << 20;

  private final LogGenerations generations;
  private final JsonFileOptions options;
  private final byte[] attributes;
  private final LogCompressor compressor;

  private FileOutputStream out;
  private long generation;
  private long size;
  private long oldest;

  LogWriter(LogTarget target, LogCompressor compressor) {
    this.generations = new LogGenerations(target.directory(), target.containerId());
    this.options = JsonFileOptions.parse(target.driverOptions());
    this.attributes = LogAttributes.encode(target);
    this.compressor = compressor;
  }

  synchronized LogPosition append(LogPosition from, List<LogEntry> entries, JsonLineEncoder encoder)
      throws IOException {
    boolean written = false;
    try {
      if (out == null
          || generation != from.file()
          || size != from.offset()
          || out.getChannel().size() != size) {
        open(from);
      }
      dropBefore(from.file() - options.maxFiles() + 1);
      for (LogEntry entry : entries) {
        if (size + encoder.length() >= options.maxSize()) {
          flush(encoder);
          rotate(from.file());
        }
        encoder.add(entry, attributes);
        if (encoder.length() >= FLUSH_BYTES) {
          flush(encoder);
        }
      }
      flush(encoder);
      written = true;
      return new LogPosition(generation, size);
    } finally {
      encoder.clear();
      if (!written) {
        close();
      }
    }
  }

  /** Closes what is open; what only a repeated call could have needed is dropped. */
  synchronized void release() throws IOException {
    if (out != null) {
      close();
      dropBefore(generation - options.maxFiles() + 1);
    }
  }

  synchronized void remove() throws IOException {
    close();
    generations.deleteAll();
  }

  synchronized void close() {
    if (out != null) {
      try {
        out.close();
      } catch (IOException e) {
        // nothing is buffered here; what counts was reported by the write
      }
      out = null;
    }
  }

  /**
   * Puts a compressed generation into the place of the plain one, unless that has been cut back or
   * dropped meanwhile.
   */
  synchronized void replaceByCompressed(long rotated, long length, Path compressed)
      throws IOException {
    Path plain = generations.plain(rotated);
    boolean stillRotated = out == null || rotated < generation;
    if (!stillRotated || !Files.exists(plain) || Files.size(plain) != length) {
      Files.deleteIfExists(compressed);
      return;
    }
    Files.move(compressed, generations.compressed(rotated));
    Files.deleteIfExists(plain);
    if (out != null) {
      generations.publish(generation, options.maxFiles());
    }
  }

  private void open(LogPosition from) throws IOException {
    close();
    for (long later : generations.list().tailSet(from.file(), false)) {
      generations.delete(later);
    }
    generation = from.file();
    Path file = generations.plain(generation);
    if (!Files.exists(file)) {
      if (Files.exists(generations.compressed(generation))) {
        Path restored = generations.temporary(generation);
        compressor.decompress(generations.compressed(generation), restored);
        Files.move(restored, file);
      } else {
        generations.create(generation);
      }
    }
    Files.deleteIfExists(generations.compressed(generation));
    size = cut(file, from.offset());
    out = new FileOutputStream(file.toFile(), true);
    oldest = generations.list().first();
    generations.publish(generation, options.maxFiles());
    if (options.compress()) {
      for (long rotated : generations.list().headSet(generation)) {
        compressor.submit(this, generations, rotated);
      }
    }
  }

  /**
   * Cuts a file at an offset. It may be shorter: somebody emptied it, or the machine lost power
   * before the kernel had written it. Then it goes on behind its last whole line.
   */
  private static long cut(Path path, long offset) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      long length = file.length();
      long end = length < offset ? LineSearch.endOfLastLine(file, length) : offset;
      if (end < length) {
        file.setLength(end);
      }
      return end;
    }
  }

  private void flush(JsonLineEncoder encoder) throws IOException {
    if (encoder.length() > 0) {
      out.write(encoder.buffer(), 0, encoder.length());
      size += encoder.length();
      encoder.clear();
    }
  }

  private void rotate(long firstOfCall) throws IOException {
    out.close();
    generations.create(generation + 1);
    out = new FileOutputStream(generations.plain(generation + 1).toFile(), true);
    generation++;
    size = 0;
    generations.publish(generation, options.maxFiles());
    // generations that this very call began would be made again if it were repeated
    long outdated = generation - options.maxFiles();
    if (outdated > firstOfCall) {
      generations.delete(outdated);
    }
    if (options.compress()) {
      compressor.submit(this, generations, generation - 1);
    }
  }

  private void dropBefore(long first) throws IOException {
    if (oldest >= first) {
      return;
    }
    for (long outdated : generations.list().headSet(first)) {
      generations.delete(outdated);
    }
    oldest = first;
  }
}
