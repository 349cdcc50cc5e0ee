// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.storage;

/** The state of a snapshot. */
public enum SnapshotKind {
  ACTIVE,
  VIEW,
  COMMITTED
}
