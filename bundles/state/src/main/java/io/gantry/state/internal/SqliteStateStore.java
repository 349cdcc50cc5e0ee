// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.state.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.core.settings.Settings;
import io.gantry.core.state.Durability;
import io.gantry.core.state.StateStore;
import io.gantry.core.state.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/**
 * The state store on SQLite. There is one writer: the thread that holds the lock. Its changes are
 * collected, visible to itself alone, and reach the database and the readers together at the end.
 */
@Component(service = StateStore.class)
public final class SqliteStateStore implements StateStore {
  private static final Logger log = LoggerFactory.getLogger(SqliteStateStore.class);
  private static final Pattern TABLE_NAME = Pattern.compile("[a-z][a-z0-9_]*");

  private final Path file;
  private final DocumentCodec codec = new DocumentCodec();
  private final Database database;
  private final Checkpointer checkpointer;
  private final ReentrantLock writer = new ReentrantLock();

  /** Guarded by the lock, as all below. */
  private final Map<String, DocumentTable<?>> tables = new HashMap<>();

  /** The changes of the transaction that is open; null if none is. */
  private Map<TableKey, Change<?>> pending;

  private Durability pendingDurability = Durability.PROCESS;
  private boolean closed;

  private record TableKey(String table, String key) {}

  @Activate
  public SqliteStateStore(@Reference Settings settings) {
    this(settings.dataRoot().resolve("gantry.db"));
  }

  SqliteStateStore(Path file) {
    this.file = file;
    try {
      Files.createDirectories(file.getParent());
      if (!Files.exists(file)) {
        // Environments of containers are in it.
        Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      SQLiteDataSource source = Database.source(file);
      database = new Database(source);
      try {
        checkpointer = new Checkpointer(source, file);
      } catch (SQLException e) {
        database.close();
        throw e;
      }
    } catch (SQLException | IOException e) {
      throw EngineException.internal(
          "cannot open the state store " + file + ": " + e.getMessage(), e);
    }
  }

  @Deactivate
  void close() {
    writer.lock();
    try {
      if (!closed) {
        closed = true;
        checkpointer.close();
        database.close();
      }
    } catch (SQLException e) {
      log.warn("closing the state store {}: {}", file, e.getMessage());
    } finally {
      writer.unlock();
    }
  }

  DocumentCodec codec() {
    return codec;
  }

  @Override
  @SuppressWarnings("unchecked") // the type was compared
  public <T extends Record> Table<T> table(String name, Class<T> type) {
    if (!TABLE_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("invalid table name: " + name);
    }
    writer.lock();
    try {
      DocumentTable<?> open = tables.get(name);
      if (open != null && open.type().equals(type)) {
        return (Table<T>) open;
      }
      // Also when a bundle was updated: its records are of another class loader's class.
      DocumentTable<T> table = load(name, type);
      tables.put(name, table);
      return table;
    } finally {
      writer.unlock();
    }
  }

  private <T extends Record> DocumentTable<T> load(String name, Class<T> type) {
    try {
      Map<String, T> records = new HashMap<>();
      database
          .open(name)
          .forEach((key, document) -> records.put(key, codec.read(name, key, document, type)));
      return new DocumentTable<>(this, name, type, records);
    } catch (SQLException e) {
      throw failure("read table " + name, e);
    }
  }

  @Override
  public <R> R transaction(Durability durability, Supplier<R> changes) {
    writer.lock();
    try {
      if (pending != null) {
        raise(durability);
        return changes.get();
      }
      pending = new LinkedHashMap<>();
      pendingDurability = durability;
      try {
        R result = changes.get();
        commit();
        return result;
      } finally {
        pending = null;
      }
    } finally {
      writer.unlock();
    }
  }

  void change(Change<?> change, Durability durability) {
    transaction(
        durability,
        () -> {
          TableKey key = new TableKey(change.table().name(), change.key());
          pending.remove(key);
          return pending.put(key, change);
        });
  }

  /** What the caller's own open transaction has for the key; null if nothing. */
  Change<?> pending(DocumentTable<?> table, String key) {
    return inOwnTransaction() ? pending.get(new TableKey(table.name(), key)) : null;
  }

  /** The committed records with the changes of the caller's own open transaction. */
  <T extends Record> Map<String, T> withPending(
      DocumentTable<T> table, SortedMap<String, T> committed) {
    if (!inOwnTransaction() || pending.isEmpty()) {
      return committed;
    }
    SortedMap<String, T> merged = new TreeMap<>(committed);
    for (Change<?> change : pending.values()) {
      if (change.table().name().equals(table.name())) {
        if (change.value() == null) {
          merged.remove(change.key());
        } else {
          merged.put(change.key(), table.type().cast(change.value()));
        }
      }
    }
    return Collections.unmodifiableSortedMap(merged);
  }

  private boolean inOwnTransaction() {
    return writer.isHeldByCurrentThread() && pending != null;
  }

  private void raise(Durability durability) {
    if (durability == Durability.MACHINE) {
      pendingDurability = Durability.MACHINE;
    }
  }

  private void commit() {
    if (pending.isEmpty()) {
      return;
    }
    if (closed) {
      throw EngineException.unavailable(
          "the state store is closed: the engine is stopping, or its state bundle is being"
              + " restarted; try again");
    }
    try {
      database.write(pending.values(), pendingDurability);
    } catch (SQLException e) {
      throw failure("write", e);
    }
    pending.values().forEach(Change::publish);
  }

  private EngineException failure(String what, SQLException e) {
    boolean full = e.getErrorCode() == SQLiteErrorCode.SQLITE_FULL.code;
    return new EngineException(
        full ? ErrorKind.EXHAUSTED : ErrorKind.INTERNAL,
        "the state store " + file + " cannot " + what + ": " + e.getMessage(),
        e);
  }
}
