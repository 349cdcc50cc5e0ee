// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.directory;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes trees off the request's path; what is not done at the end is done after the next start.
 */
final class Trash implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Trash.class);
  private static final int CLOSE_SECONDS = 10;

  private final Path directory;
  private final ExecutorService worker =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "gantry-snapshot-trash");
            thread.setDaemon(true);
            return thread;
          });

  Trash(Path directory) {
    this.directory = directory;
    worker.execute(this::emptyAll);
  }

  void take(Path tree) throws IOException {
    Path taken = directory.resolve(tree.getFileName());
    Files.move(tree, taken, StandardCopyOption.ATOMIC_MOVE);
    worker.execute(() -> delete(taken));
  }

  private void emptyAll() {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        delete(entry);
      }
    } catch (IOException e) {
      LOG.warn("cannot read {}: {}", directory, e.toString());
    }
  }

  private static void delete(Path tree) {
    try {
      Files.walkFileTree(tree, new Deletion());
    } catch (NoSuchFileException e) {
      LOG.debug("{} was deleted already", tree);
    } catch (IOException e) {
      LOG.warn("cannot delete {}; the next start tries again: {}", tree, e.toString());
    }
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return Thread.currentThread().isInterrupted()
          ? FileVisitResult.TERMINATE
          : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
      return FileVisitResult.CONTINUE; // deleted by somebody else
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, IOException failure)
        throws IOException {
      Files.delete(visited);
      return FileVisitResult.CONTINUE;
    }
  }

  @Override
  public void close() {
    worker.shutdownNow();
    try {
      if (!worker.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("the deletion of snapshots in {} did not end in time", directory);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
