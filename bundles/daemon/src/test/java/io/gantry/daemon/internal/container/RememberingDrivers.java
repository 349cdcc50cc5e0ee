// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.Drivers.DriverDetails;
import io.gantry.api.error.EngineException;
import io.gantry.api.logging.LogDriver;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.network.Attachment;
import io.gantry.api.network.EndpointSpec;
import io.gantry.api.network.NetworkDriver;
import io.gantry.api.network.NetworkSpec;
import io.gantry.api.storage.Mount;
import io.gantry.api.storage.SnapshotInfo;
import io.gantry.api.storage.Snapshotter;
import io.gantry.api.storage.Usage;
import io.gantry.api.volume.VolumeDriver;
import io.gantry.api.volume.VolumeInfo;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;

/** One driver of each kind, which only remember what there is. */
final class RememberingDrivers implements DriverRegistry {
  final Set<String> snapshots = new ConcurrentSkipListSet<>();
  final Map<String, VolumeInfo> volumes = new TreeMap<>();
  final Set<String> mounted = new ConcurrentSkipListSet<>();

  private final Map<String, Object> byKind =
      Map.of(
          DriverKind.STORAGE.name(), new Storage(),
          DriverKind.VOLUME.name(), new Local(),
          DriverKind.NETWORK.name(), new Bridge(),
          DriverKind.LOG.name(), new JsonFile());
  private final Map<String, List<String>> names =
      Map.of(
          DriverKind.STORAGE.name(), List.of("overlay2"),
          DriverKind.VOLUME.name(), List.of("local"),
          DriverKind.NETWORK.name(), List.of("bridge"),
          DriverKind.LOG.name(), List.of("json-file"),
          DriverKind.RUNTIME.name(), List.of("runc"));

  @Override
  public <D, R> R call(DriverKind<D> kind, String name, Function<? super D, R> call) {
    if (!names(kind).contains(name)) {
      throw EngineException.notFound("no " + kind.name() + " driver " + name);
    }
    return call.apply(kind.type().cast(byKind.get(kind.name())));
  }

  @Override
  public List<String> names(DriverKind<?> kind) {
    return names.get(kind.name());
  }

  @Override
  public List<DriverDetails> list() {
    return List.of();
  }

  @Override
  public DriverDetails update(String driver, Path jar) {
    throw new UnsupportedOperationException();
  }

  private final class Storage implements Snapshotter {
    @Override
    public SnapshotInfo stat(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Mount> prepare(String key, String parent) {
      snapshots.add(key);
      return List.of();
    }

    @Override
    public List<Mount> view(String key, String parent) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Mount> mounts(String key) {
      return List.of();
    }

    @Override
    public void commit(String name, String key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void remove(String name) {
      if (!snapshots.remove(name)) {
        throw EngineException.notFound("no snapshot " + name);
      }
    }

    @Override
    public Usage usage(String name) {
      return new Usage(5, 1);
    }

    @Override
    public List<SnapshotInfo> list() {
      return List.of();
    }

    @Override
    public Map<String, String> status() {
      return Map.of();
    }
  }

  private final class Local implements VolumeDriver {
    @Override
    public VolumeInfo create(String name, Map<String, String> driverOptions) {
      VolumeInfo info =
          new VolumeInfo(
              name, Path.of("/volumes", name, "_data"), Instant.EPOCH, driverOptions, Map.of());
      volumes.put(name, info);
      return info;
    }

    @Override
    public VolumeInfo get(String name) {
      return volumes.get(name);
    }

    @Override
    public List<VolumeInfo> list() {
      return List.copyOf(volumes.values());
    }

    @Override
    public void remove(String name) {
      volumes.remove(name);
    }

    @Override
    public Path mount(String name, String mountId) {
      mounted.add(name + " by " + mountId);
      return volumes.get(name).mountpoint();
    }

    @Override
    public void unmount(String name, String mountId) {
      mounted.remove(name + " by " + mountId);
    }
  }

  private static final class Bridge implements NetworkDriver {
    @Override
    public void ensure(NetworkSpec network) {}

    @Override
    public void remove(NetworkSpec network) {}

    @Override
    public Attachment attach(NetworkSpec network, EndpointSpec endpoint) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void detach(NetworkSpec network, String endpointId) {}
  }

  private static final class JsonFile implements LogDriver {
    @Override
    public void validate(Map<String, String> driverOptions) {
      if (driverOptions.containsKey("bad")) {
        throw EngineException.invalid("unknown log opt 'bad' for json-file log driver");
      }
    }

    @Override
    public LogPosition append(LogTarget target, LogPosition from, List<LogEntry> entries) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void release(LogTarget target) {}

    @Override
    public void remove(LogTarget target) {}
  }
}
