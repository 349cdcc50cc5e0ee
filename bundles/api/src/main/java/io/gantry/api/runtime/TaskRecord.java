// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.runtime;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A container as a runtime made it, in a form that outlives the engine.
 *
 * @param bundle the directory of the OCI bundle
 * @param driverState what the runtime itself wants to find again: cgroup paths and the like
 */
public record TaskRecord(
    String id, Path bundle, ProcessRecord init, Map<String, String> driverState) {
  public TaskRecord {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(init, "init");
    driverState = Map.copyOf(driverState);
  }
}
