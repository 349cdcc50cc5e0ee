// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.error.EngineException;
import io.gantry.core.state.Durability;
import io.gantry.core.state.StateStore;
import io.gantry.core.state.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** All containers, by id and by name. Looking takes no lock of a container. */
final class ContainerStore {
  private final Table<ContainerRecord> table;
  private final Map<String, Container> byId = new ConcurrentHashMap<>();
  private final Map<String, String> idByName = new ConcurrentHashMap<>();

  ContainerStore(StateStore store) {
    table = store.table("containers", ContainerRecord.class);
    table
        .all()
        .values()
        .forEach(
            record -> {
              byId.put(record.id(), new Container(record));
              idByName.put(record.name(), record.id());
            });
  }

  /**
   * @throws EngineException NOT_FOUND, CONFLICT for a prefix that several ids have
   */
  Container find(String container) {
    String bare = container.startsWith("/") ? container.substring(1) : container;
    Container exact = byId.get(bare);
    if (exact != null) {
      return exact;
    }
    String id = idByName.get(bare);
    if (id != null) {
      return find(id);
    }
    List<Container> matches =
        bare.isEmpty()
            ? List.of()
            : byId.values().stream().filter(c -> c.record.id().startsWith(bare)).toList();
    if (matches.size() == 1) {
      return matches.get(0);
    }
    if (matches.size() > 1) {
      throw EngineException.invalid("Multiple IDs found with provided prefix: " + container);
    }
    throw EngineException.notFound("No such container: " + container);
  }

  Container byId(String id) {
    return byId.get(id);
  }

  boolean nameTaken(String name) {
    return idByName.containsKey(name);
  }

  /** Takes a name for a container, or says who has it. */
  void reserve(String name, String id) {
    String other = idByName.putIfAbsent(name, id);
    if (other != null) {
      throw EngineException.conflict(
          "Conflict. The container name \"/"
              + name
              + "\" is already in use by container \""
              + other
              + "\". You have to remove (or rename) that container to be able to reuse that name.");
    }
  }

  void free(String name) {
    idByName.remove(name);
  }

  void add(Container container, Durability durability) {
    table.put(container.record.id(), container.record, durability);
    byId.put(container.record.id(), container);
  }

  /** The container's lock is held. */
  void update(Container container, ContainerRecord next, Durability durability) {
    table.put(next.id(), next, durability);
    container.record = next;
  }

  void remove(Container container, Durability durability) {
    table.delete(container.record.id(), durability);
    byId.remove(container.record.id());
    idByName.remove(container.record.name(), container.record.id());
  }

  /** Newest first. */
  List<Container> all() {
    List<Container> all = new ArrayList<>(byId.values());
    all.sort(Comparator.comparing((Container c) -> c.record.created()).reversed());
    return all;
  }
}
