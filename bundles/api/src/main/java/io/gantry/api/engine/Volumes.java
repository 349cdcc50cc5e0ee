// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Volumes. An unknown one is NOT_FOUND with {@code get X: no such volume}. */
@ProviderType
public interface Volumes {
  /**
   * @param name null or empty for an anonymous one
   * @param driver empty for {@code local}
   */
  VolumeDetails create(
      String name, String driver, Map<String, String> driverOptions, Map<String, String> labels);

  VolumeDetails inspect(String name);

  List<VolumeDetails> list();

  /**
   * @throws io.gantry.api.error.EngineException CONFLICT while a container uses it
   */
  void remove(String name, boolean force);

  /** Removes unused volumes; anonymous ones only unless {@code all}. */
  PruneResult prune(boolean all, java.util.function.Predicate<VolumeDetails> filter);

  record PruneResult(List<String> deleted, long spaceReclaimed) {
    public PruneResult {
      deleted = List.copyOf(deleted);
    }
  }

  record VolumeDetails(
      String name,
      String driver,
      String mountpoint,
      Instant created,
      Map<String, String> driverOptions,
      Map<String, String> labels,
      boolean anonymous,
      int referenceCount) {
    public VolumeDetails {
      driverOptions = Map.copyOf(driverOptions);
      labels = Map.copyOf(labels);
    }
  }
}
