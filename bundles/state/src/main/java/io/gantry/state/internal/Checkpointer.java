// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.state.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;

/**
 * Moves the write-ahead log into the database, beside the writer and never in its way: PASSIVE
 * takes no lock that a writer waits for.
 */
final class Checkpointer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Checkpointer.class);
  private static final long LOG_BYTES = 4L << 20;

  private final Path writeAheadLog;
  private final Connection connection;
  private final ScheduledExecutorService thread;

  Checkpointer(SQLiteDataSource source, Path database) throws SQLException {
    writeAheadLog = database.resolveSibling(database.getFileName() + "-wal");
    connection = source.getConnection();
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "gantry-state-checkpoint");
              made.setDaemon(true);
              return made;
            });
    thread.scheduleWithFixedDelay(this::checkpointIfLong, 1, 1, TimeUnit.SECONDS);
  }

  private void checkpointIfLong() {
    try {
      if (Files.exists(writeAheadLog) && Files.size(writeAheadLog) >= LOG_BYTES) {
        checkpoint();
      }
    } catch (java.io.IOException | SQLException | RuntimeException e) {
      log.warn("checkpoint of the state store failed, will try again: {}", e.toString());
    }
  }

  private void checkpoint() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
    }
  }

  @Override
  public void close() throws SQLException {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("a checkpoint of the state store is still running");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    connection.close();
  }
}
