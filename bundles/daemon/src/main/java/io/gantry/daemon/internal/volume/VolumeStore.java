// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.volume;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.volume.VolumeInfo;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.state.Durability;
import io.gantry.core.state.StateStore;
import io.gantry.core.state.Table;
import io.gantry.daemon.internal.Ids;
import io.gantry.daemon.internal.event.EventLog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** Volumes: who uses them is told by the containers, each time it is asked. */
public final class VolumeStore {
  public static final String LOCAL = "local";

  private final DriverRegistry drivers;
  private final Table<VolumeRecord> table;
  private final EventLog events;

  /** The ids of the containers that refer to a volume. */
  private volatile Function<String, List<String>> users = name -> List.of();

  public VolumeStore(StateStore store, DriverRegistry drivers, EventLog events) {
    this.drivers = drivers;
    this.events = events;
    this.table = store.table("volumes", VolumeRecord.class);
  }

  public void usedBy(Function<String, List<String>> containers) {
    users = containers;
  }

  public List<String> usersOf(String name) {
    return users.apply(name);
  }

  /**
   * Makes a volume, or returns the one that is there.
   *
   * @param name empty for an anonymous one
   */
  public synchronized VolumeRecord ensure(
      String name,
      String driver,
      Map<String, String> driverOptions,
      Map<String, String> labels,
      Durability durability) {
    boolean anonymous = name.isEmpty();
    String chosen = anonymous ? Ids.next() : name;
    VolumeRecord existing = table.get(chosen).orElse(null);
    if (existing != null) {
      if (!driver.isEmpty() && !driver.equals(existing.driver())) {
        throw EngineException.conflict(
            "create " + chosen + ": conflict: volume name must be unique");
      }
      return existing;
    }
    String by = driver.isEmpty() ? LOCAL : driver;
    checkDriver(chosen, by);
    VolumeInfo made = drivers.call(DriverKind.VOLUME, by, d -> d.create(chosen, driverOptions));
    VolumeRecord record =
        new VolumeRecord(
            chosen,
            by,
            made.mountpoint(),
            driverOptions,
            anonymous ? anonymousLabels(labels) : labels,
            anonymous,
            made.created());
    table.put(chosen, record, durability);
    publish("create", record, Map.of());
    return record;
  }

  /** Newer clients tell anonymous volumes by this label. */
  private static Map<String, String> anonymousLabels(Map<String, String> labels) {
    Map<String, String> all = new TreeMap<>(labels);
    all.put("com.docker.volume.anonymous", "");
    return all;
  }

  private void checkDriver(String volume, String driver) {
    if (!driver.equals(LOCAL) && !drivers.names(DriverKind.VOLUME).contains(driver)) {
      throw EngineException.notFound(
          "create "
              + volume
              + ": error looking up volume plugin "
              + driver
              + ": plugin \""
              + driver
              + "\" not found");
    }
  }

  public VolumeRecord get(String name) {
    return table
        .get(name)
        .orElseThrow(() -> EngineException.notFound("get " + name + ": no such volume"));
  }

  public List<VolumeRecord> all() {
    return new ArrayList<>(table.all().values());
  }

  public synchronized void remove(String name, boolean force) {
    VolumeRecord record = table.get(name).orElse(null);
    if (record == null) {
      if (force) {
        return;
      }
      throw EngineException.notFound("get " + name + ": no such volume");
    }
    List<String> using = usersOf(name);
    if (!using.isEmpty()) {
      throw EngineException.conflict(
          "remove " + name + ": volume is in use - [" + String.join(", ", using) + "]");
    }
    try {
      drivers.call(
          DriverKind.VOLUME,
          record.driver(),
          driver -> {
            driver.remove(name);
            return null;
          });
    } catch (EngineException e) {
      if (e.kind() != ErrorKind.NOT_FOUND) {
        throw e;
      }
    }
    table.delete(name, Durability.PROCESS);
    publish("destroy", record, Map.of());
  }

  public Path mount(VolumeRecord volume, String containerId, String destination, boolean writable) {
    Path path =
        drivers.call(DriverKind.VOLUME, volume.driver(), d -> d.mount(volume.name(), containerId));
    publish(
        "mount",
        volume,
        Map.of(
            "container",
            containerId,
            "destination",
            destination,
            "propagation",
            "",
            "read/write",
            Boolean.toString(writable)));
    return path;
  }

  public void unmount(VolumeRecord volume, String containerId) {
    drivers.call(
        DriverKind.VOLUME,
        volume.driver(),
        driver -> {
          driver.unmount(volume.name(), containerId);
          return null;
        });
    publish("unmount", volume, Map.of("container", containerId));
  }

  private void publish(String action, VolumeRecord volume, Map<String, String> more) {
    Map<String, String> attributes = new TreeMap<>(more);
    attributes.put("driver", volume.driver());
    events.publish("volume", action, volume.name(), attributes);
  }
}
