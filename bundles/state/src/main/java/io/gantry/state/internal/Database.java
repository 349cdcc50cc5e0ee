// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.state.internal;

import io.gantry.core.state.Durability;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The one connection that writes. Not safe for several threads at once. */
final class Database implements AutoCloseable {
  private static final int SCHEMA_VERSION = 1;

  private final Connection connection;
  private final Map<String, PreparedStatement> statements = new HashMap<>();
  private Durability mode;

  Database(SQLiteDataSource source) throws SQLException {
    connection = source.getConnection();
    try {
      checkVersion();
      // Checkpoints sync the database file: they have a thread of their own.
      execute("PRAGMA wal_autocheckpoint=0");
      use(Durability.PROCESS);
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Never through DriverManager: it keeps what is registered, and with it our class loader. */
  static SQLiteDataSource source(java.nio.file.Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setBusyTimeout(10_000);
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl("jdbc:sqlite:" + file);
    return source;
  }

  private void checkVersion() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA user_version")) {
      int version = rows.next() ? rows.getInt(1) : 0;
      if (version > SCHEMA_VERSION) {
        throw new SQLException(
            "its schema has version "
                + version
                + ", this engine knows "
                + SCHEMA_VERSION
                + ": start the newer engine that wrote it");
      }
    }
    execute("PRAGMA user_version=" + SCHEMA_VERSION);
  }

  /** Makes the table if it is not there and reads its documents by key. */
  Map<String, String> open(String table) throws SQLException {
    execute(
        "CREATE TABLE IF NOT EXISTS \""
            + table
            + "\" (key TEXT PRIMARY KEY NOT NULL, document TEXT NOT NULL) WITHOUT ROWID");
    Map<String, String> documents = new LinkedHashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT key, document FROM \"" + table + "\" ORDER BY key")) {
      while (rows.next()) {
        documents.put(rows.getString(1), rows.getString(2));
      }
    }
    return documents;
  }

  /** Applies changes as one transaction; if it throws, none of them. */
  void write(Collection<? extends Change<?>> changes, Durability durability) throws SQLException {
    use(durability);
    prepared("BEGIN IMMEDIATE").execute();
    try {
      for (Change<?> change : changes) {
        apply(change);
      }
      prepared("COMMIT").execute();
    } catch (SQLException e) {
      try {
        prepared("ROLLBACK").execute();
      } catch (SQLException rollback) {
        // SQLite rolls back by itself on a full disk and on I/O errors.
        e.addSuppressed(rollback);
      }
      throw e;
    }
  }

  private void apply(Change<?> change) throws SQLException {
    String table = change.table().name();
    if (change.document() == null) {
      PreparedStatement delete = prepared("DELETE FROM \"" + table + "\" WHERE key=?");
      delete.setString(1, change.key());
      delete.executeUpdate();
    } else {
      PreparedStatement put =
          prepared("INSERT OR REPLACE INTO \"" + table + "\" (key, document) VALUES (?, ?)");
      put.setString(1, change.key());
      put.setString(2, change.document());
      put.executeUpdate();
    }
  }

  /**
   * NORMAL in WAL mode writes without syncing: the page cache keeps a commit over the end of the
   * process. FULL syncs the log, and with it every commit before.
   */
  private void use(Durability durability) throws SQLException {
    if (mode != durability) {
      String level =
          switch (durability) {
            case PROCESS -> "NORMAL";
            case MACHINE -> "FULL";
          };
      execute("PRAGMA synchronous=" + level);
      mode = durability;
    }
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : List.copyOf(statements.values())) {
      statement.close();
    }
    connection.close();
  }
}
