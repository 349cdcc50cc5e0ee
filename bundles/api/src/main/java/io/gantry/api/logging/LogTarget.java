// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.logging;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Whose log it is.
 *
 * @param directory a directory of the container's own in which the driver may keep files
 * @param attributes facts that drivers may print: {@code name}, {@code image}, {@code imageId},
 *     {@code created}, and the container's labels and variables as {@code label:KEY} and {@code
 *     env:KEY}
 */
public record LogTarget(
    String containerId,
    Path directory,
    Map<String, String> driverOptions,
    Map<String, String> attributes) {
  public LogTarget {
    Objects.requireNonNull(containerId, "containerId");
    Objects.requireNonNull(directory, "directory");
    driverOptions = Map.copyOf(driverOptions);
    attributes = Map.copyOf(attributes);
  }
}
