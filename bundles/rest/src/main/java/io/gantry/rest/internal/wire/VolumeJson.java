// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.Volumes.VolumeDetails;

/** A volume. */
public final class VolumeJson {
  private VolumeJson() {}

  public static void write(JsonWriter out, VolumeDetails volume) {
    out.object(
        () ->
            out.field("CreatedAt", GoTime.rfc3339(volume.created()))
                .field("Driver", volume.driver())
                .stringsOrNull("Labels", volume.labels())
                .field("Mountpoint", volume.mountpoint())
                .field("Name", volume.name())
                .stringsOrNull("Options", volume.driverOptions())
                .field("Scope", "local"));
  }
}
