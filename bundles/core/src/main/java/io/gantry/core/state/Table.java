// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.state;

import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/** Records of one type by key. */
@ProviderType
public interface Table<T extends Record> {
  Optional<T> get(String key);

  /** All records, read once, in the order of their keys. */
  Map<String, T> all();

  void put(String key, T value, Durability durability);

  /** A key that is not there is not an error. */
  void delete(String key, Durability durability);
}
