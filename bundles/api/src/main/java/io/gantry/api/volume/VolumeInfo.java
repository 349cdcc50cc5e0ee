// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.volume;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * A volume as its driver knows it.
 *
 * @param mountpoint where its content is seen on the host; it need not be mounted yet
 * @param status what the driver wants {@code docker volume inspect} to print, empty for most
 */
public record VolumeInfo(
    String name,
    Path mountpoint,
    Instant created,
    Map<String, String> driverOptions,
    Map<String, String> status) {
  public VolumeInfo {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(mountpoint, "mountpoint");
    Objects.requireNonNull(created, "created");
    driverOptions = Map.copyOf(driverOptions);
    status = Map.copyOf(status);
  }
}
