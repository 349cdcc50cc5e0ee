// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import io.gantry.api.engine.Drivers.DriverDetails;
import io.gantry.api.storage.Snapshotter;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.settings.Settings;
import io.gantry.core.state.Durability;
import io.gantry.core.state.StateStore;
import io.gantry.core.state.Table;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.osgi.framework.BundleContext;

/** What the image store stands on, in memory. */
final class Fakes {
  private Fakes() {}

  /** A framework of which only the property of the data root is known. */
  static BundleContext context(Path dataRoot) {
    return proxy(BundleContext.class, "getProperty", dataRoot.toString());
  }

  static Settings settings(Path dataRoot, String storageDriver) {
    return (Settings)
        Proxy.newProxyInstance(
            Fakes.class.getClassLoader(),
            new Class<?>[] {Settings.class},
            (self, method, arguments) ->
                switch (method.getName()) {
                  case "dataRoot" -> dataRoot;
                  case "storageDriver" -> storageDriver;
                  default -> throw new AssertionError(method + " is not expected");
                });
  }

  private static <T> T proxy(Class<T> type, String name, Object answer) {
    return type.cast(
        Proxy.newProxyInstance(
            Fakes.class.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> {
              if (method.getName().equals(name)) {
                return answer;
              }
              throw new AssertionError(method + " is not expected");
            }));
  }

  /** One storage driver, always there. */
  record OneDriver(String name, Snapshotter driver) implements DriverRegistry {
    @Override
    public <D, R> R call(DriverKind<D> kind, String called, Function<? super D, R> call) {
      if (!called.equals(name)) {
        throw new AssertionError("unexpected driver " + called);
      }
      return call.apply(kind.type().cast(driver));
    }

    @Override
    public List<String> names(DriverKind<?> kind) {
      return List.of(name);
    }

    @Override
    public List<DriverDetails> list() {
      throw new AssertionError("not expected");
    }

    @Override
    public DriverDetails update(String updated, Path jar) {
      throw new AssertionError("not expected");
    }
  }

  /** Tables that outlive the stores that use them. */
  static final class MemoryState implements StateStore {
    private final Map<String, Map<String, Record>> tables = new HashMap<>();

    @Override
    public <T extends Record> Table<T> table(String name, Class<T> type) {
      Map<String, Record> rows = tables.computeIfAbsent(name, n -> new TreeMap<>());
      return new Table<>() {
        @Override
        public Optional<T> get(String key) {
          return Optional.ofNullable(type.cast(rows.get(key)));
        }

        @Override
        public Map<String, T> all() {
          Map<String, T> all = new TreeMap<>();
          rows.forEach((key, row) -> all.put(key, type.cast(row)));
          return all;
        }

        @Override
        public void put(String key, T value, Durability durability) {
          rows.put(key, value);
        }

        @Override
        public void delete(String key, Durability durability) {
          rows.remove(key);
        }
      };
    }

    @Override
    public <R> R transaction(Durability durability, Supplier<R> changes) {
      return changes.get();
    }
  }
}
