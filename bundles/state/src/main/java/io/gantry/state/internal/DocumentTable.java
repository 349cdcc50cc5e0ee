// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.state.internal;

import io.gantry.core.state.Durability;
import io.gantry.core.state.Table;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A table whose committed records are held in memory: reading never touches the database, and takes
 * no lock.
 */
final class DocumentTable<T extends Record> implements Table<T> {
  private final SqliteStateStore store;
  private final String name;
  private final Class<T> type;
  private final ConcurrentSkipListMap<String, T> committed = new ConcurrentSkipListMap<>();

  /** {@link #committed} as it is now, made by the first reader after a change. */
  private volatile SortedMap<String, T> snapshot;

  DocumentTable(SqliteStateStore store, String name, Class<T> type, Map<String, T> records) {
    this.store = store;
    this.name = name;
    this.type = type;
    committed.putAll(records);
  }

  String name() {
    return name;
  }

  Class<T> type() {
    return type;
  }

  @Override
  public Optional<T> get(String key) {
    Change<?> pending = store.pending(this, key);
    return pending == null
        ? Optional.ofNullable(committed.get(key))
        : Optional.ofNullable(type.cast(pending.value()));
  }

  @Override
  public Map<String, T> all() {
    SortedMap<String, T> current = snapshot;
    if (current == null) {
      synchronized (this) {
        current = Collections.unmodifiableSortedMap(new TreeMap<>(committed));
        snapshot = current;
      }
    }
    return store.withPending(this, current);
  }

  @Override
  public void put(String key, T value, Durability durability) {
    store.change(new Change<>(this, key, value, store.codec().write(value)), durability);
  }

  @Override
  public void delete(String key, Durability durability) {
    store.change(new Change<T>(this, key, null, null), durability);
  }

  synchronized void publish(String key, T value) {
    if (value == null) {
      committed.remove(key);
    } else {
      committed.put(key, value);
    }
    snapshot = null;
  }
}
