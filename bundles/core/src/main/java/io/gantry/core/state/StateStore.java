// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.state;

import java.util.function.Supplier;
import org.osgi.annotation.versioning.ProviderType;

/** Tables of records, in transactions. */
@ProviderType
public interface StateStore {
  /**
   * The table {@code name}, made if it is not there. Records are stored as JSON documents:
   * components that a stored document lacks are null or 0, and those that the record does not know
   * are dropped.
   */
  <T extends Record> Table<T> table(String name, Class<T> type);

  /** Runs several changes as one: all of them are in the store afterwards, or none if it throws. */
  <R> R transaction(Durability durability, Supplier<R> changes);
}
