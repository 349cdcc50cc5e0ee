// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import io.gantry.api.engine.Volumes;
import io.gantry.api.error.EngineException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

final class FakeVolumes implements Volumes {
  private final Map<String, VolumeDetails> volumes = new TreeMap<>();

  @Override
  public VolumeDetails create(
      String name, String driver, Map<String, String> driverOptions, Map<String, String> labels) {
    String given = name == null || name.isEmpty() ? "made-up" : name;
    VolumeDetails volume =
        new VolumeDetails(
            given,
            "local",
            "/v/" + given,
            Instant.parse("2026-11-24T12:07:23.5Z"),
            driverOptions,
            labels,
            given.equals("made-up"),
            0);
    volumes.put(given, volume);
    return volume;
  }

  @Override
  public VolumeDetails inspect(String name) {
    VolumeDetails volume = volumes.get(name);
    if (volume == null) {
      throw EngineException.notFound("get " + name + ": no such volume");
    }
    return volume;
  }

  @Override
  public List<VolumeDetails> list() {
    return List.copyOf(volumes.values());
  }

  @Override
  public void remove(String name, boolean force) {
    if (volumes.remove(name) == null && !force) {
      inspect(name);
    }
  }

  @Override
  public PruneResult prune(boolean all, Predicate<VolumeDetails> filter) {
    List<String> deleted = new ArrayList<>();
    for (VolumeDetails volume : list()) {
      if ((all || volume.anonymous()) && filter.test(volume)) {
        volumes.remove(volume.name());
        deleted.add(volume.name());
      }
    }
    return new PruneResult(deleted, 0);
  }
}
