// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.storage;

import java.time.Instant;
import java.util.Objects;

/**
 * A snapshot as its driver knows it.
 *
 * @param name the key of an active snapshot or view, the name of a committed one
 * @param parent the name of the committed snapshot below, null at the bottom
 */
public record SnapshotInfo(String name, String parent, SnapshotKind kind, Instant created) {
  public SnapshotInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(created, "created");
  }
}
