// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compresses rotated files, one at a time, on a thread that ends when there is nothing to do. */
final class LogCompressor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogCompressor.class);
  private static final int BLOCK = 64 * 1024;

  private final ThreadPoolExecutor executor;

  LogCompressor() {
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            5,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "gantry-log-compress");
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  void submit(LogWriter writer, LogGenerations generations, long generation) {
    executor.execute(() -> compress(writer, generations, generation));
  }

  private void compress(LogWriter writer, LogGenerations generations, long generation) {
    Path temporary = generations.temporary(generation);
    try {
      if (!Files.exists(generations.plain(generation))) {
        return;
      }
      long length;
      try (InputStream in = Files.newInputStream(generations.plain(generation));
          OutputStream file = Files.newOutputStream(temporary);
          OutputStream out = new GZIPOutputStream(file, BLOCK)) {
        length = copy(in, out);
      }
      writer.replaceByCompressed(generation, length, temporary);
    } catch (IOException e) {
      // the plain file stays and is read as well; the next start tries again
      if (!executor.isShutdown()) {
        LOG.warn("Cannot compress {}: {}", generations.plain(generation), e.toString());
      }
      deleteQuietly(temporary);
    }
  }

  void decompress(Path compressed, Path plain) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(compressed), BLOCK);
        OutputStream out = Files.newOutputStream(plain)) {
      in.transferTo(out);
    }
  }

  private long copy(InputStream in, OutputStream out) throws IOException {
    byte[] block = new byte[BLOCK];
    long total = 0;
    for (int n; (n = in.read(block)) > 0; total += n) {
      if (executor.isShutdown()) {
        throw new IOException("the driver is being taken away");
      }
      out.write(block, 0, n);
    }
    return total;
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.debug("Cannot delete {}: {}", file, e.toString());
    }
  }

  /**
   * Waits for the file in work, which notices soon; those that wait are left for the next start.
   */
  @Override
  public void close() {
    executor.shutdown();
    executor.getQueue().clear();
    try {
      if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("The compression of a log did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
