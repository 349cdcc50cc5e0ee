// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.volume;

import io.gantry.api.engine.Volumes;
import io.gantry.api.error.EngineException;
import io.gantry.core.state.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Volumes as the doors see them. */
public final class VolumeService implements Volumes {
  private final VolumeStore store;

  public VolumeService(VolumeStore store) {
    this.store = store;
  }

  @Override
  public VolumeDetails create(
      String name, String driver, Map<String, String> driverOptions, Map<String, String> labels) {
    return details(
        store.ensure(
            name == null ? "" : name,
            driver == null ? "" : driver,
            driverOptions,
            labels,
            Durability.MACHINE));
  }

  @Override
  public VolumeDetails inspect(String name) {
    return details(store.get(name));
  }

  @Override
  public List<VolumeDetails> list() {
    return store.all().stream()
        .map(this::details)
        .sorted(Comparator.comparing(VolumeDetails::name))
        .toList();
  }

  @Override
  public void remove(String name, boolean force) {
    store.remove(name, force);
  }

  @Override
  public PruneResult prune(boolean all, Predicate<VolumeDetails> filter) {
    List<String> deleted = new ArrayList<>();
    long reclaimed = 0;
    for (VolumeDetails volume : list()) {
      if (volume.referenceCount() == 0 && (all || volume.anonymous()) && filter.test(volume)) {
        reclaimed += size(Path.of(volume.mountpoint()));
        store.remove(volume.name(), false);
        deleted.add(volume.name());
      }
    }
    return new PruneResult(deleted, reclaimed);
  }

  private static long size(Path tree) {
    try (Stream<Path> files = Files.walk(tree)) {
      return files.filter(Files::isRegularFile).mapToLong(VolumeService::length).sum();
    } catch (IOException e) {
      throw EngineException.internal("cannot measure " + tree + ": " + e.getMessage(), e);
    }
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // deleted while we walk
    }
  }

  private VolumeDetails details(VolumeRecord record) {
    return new VolumeDetails(
        record.name(),
        record.driver(),
        record.mountpoint().toString(),
        record.created(),
        record.driverOptions(),
        record.labels(),
        record.anonymous(),
        store.usersOf(record.name()).size());
  }
}
