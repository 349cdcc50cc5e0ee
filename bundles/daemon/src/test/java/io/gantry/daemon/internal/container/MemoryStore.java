// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.core.state.Durability;
import io.gantry.core.state.StateStore;
import io.gantry.core.state.Table;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Tables in memory; an engine that starts anew is given the same one. */
final class MemoryStore implements StateStore {
  private final Map<String, MemoryTable<?>> tables = new ConcurrentHashMap<>();

  private static final class MemoryTable<T extends Record> implements Table<T> {
    private final Map<String, T> rows = new ConcurrentHashMap<>();

    @Override
    public Optional<T> get(String key) {
      return Optional.ofNullable(rows.get(key));
    }

    @Override
    public Map<String, T> all() {
      return new TreeMap<>(rows);
    }

    @Override
    public void put(String key, T value, Durability durability) {
      rows.put(key, value);
    }

    @Override
    public void delete(String key, Durability durability) {
      rows.remove(key);
    }
  }

  @Override
  @SuppressWarnings("unchecked") // a name always comes with the same type
  public <T extends Record> Table<T> table(String name, Class<T> type) {
    return (Table<T>) tables.computeIfAbsent(name, n -> new MemoryTable<T>());
  }

  @Override
  public <R> R transaction(Durability durability, Supplier<R> changes) {
    return changes.get();
  }
}
