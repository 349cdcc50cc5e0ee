// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.overlay.internal;

import io.gantry.api.storage.SnapshotInfo;
import io.gantry.api.storage.SnapshotKind;
import java.time.Instant;
import java.util.List;

/**
 * A snapshot as its file says it: four lines.
 *
 * @param id the name of its directory, short because overlayfs has to be told it for each layer
 */
record SnapshotRecord(SnapshotKind kind, String id, String parent, Instant created) {
  String format() {
    return kind + "\n" + id + "\n" + (parent == null ? "" : parent) + "\n" + created + "\n";
  }

  static SnapshotRecord parse(List<String> lines) {
    return new SnapshotRecord(
        SnapshotKind.valueOf(lines.get(0)),
        lines.get(1),
        lines.get(2).isEmpty() ? null : lines.get(2),
        Instant.parse(lines.get(3)));
  }

  SnapshotInfo info(String name) {
    return new SnapshotInfo(name, parent, kind, created);
  }
}
