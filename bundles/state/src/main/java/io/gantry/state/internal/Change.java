// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.state.internal;

/** One change of a transaction; {@code value} and {@code document} null for a deletion. */
record Change<T extends Record>(DocumentTable<T> table, String key, T value, String document) {
  /** Makes the change visible to readers. */
  void publish() {
    table.publish(key, value);
  }
}
