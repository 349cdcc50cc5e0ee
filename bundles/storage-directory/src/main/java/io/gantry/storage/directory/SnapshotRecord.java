// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.directory;

import io.gantry.api.storage.SnapshotInfo;
import io.gantry.api.storage.SnapshotKind;
import java.time.DateTimeException;
import java.time.Instant;

/**
 * A snapshot as its file says it: four lines.
 *
 * @param id the name of its directory, short because overlayfs has to be told it for each layer
 * @param parent null at the bottom
 */
public record SnapshotRecord(SnapshotKind kind, String id, String parent, Instant created) {
  String format() {
    return kind + "\n" + id + "\n" + (parent == null ? "" : parent) + "\n" + created + "\n";
  }

  /** Null if it is not whole. */
  static SnapshotRecord parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length != 5) {
      return null;
    }
    try {
      return new SnapshotRecord(
          SnapshotKind.valueOf(lines[0]),
          lines[1],
          lines[2].isEmpty() ? null : lines[2],
          Instant.parse(lines[3]));
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }

  public SnapshotInfo info(String name) {
    return new SnapshotInfo(name, parent, kind, created);
  }
}
