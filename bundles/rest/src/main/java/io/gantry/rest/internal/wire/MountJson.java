// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.ContainerDetails.MountPoint;
import io.gantry.api.engine.MountSpec;
import java.util.List;

/** Mounts: as they were asked for, and as they are. */
final class MountJson {
  private MountJson() {}

  static void points(JsonWriter out, List<MountPoint> mounts) {
    out.array("Mounts", mounts, mount -> out.object(() -> point(out, mount)));
  }

  private static void point(JsonWriter out, MountPoint mount) {
    out.field("Type", mount.type())
        .omitEmpty("Name", mount.name())
        .field("Source", mount.source())
        .field("Destination", mount.destination())
        .omitEmpty("Driver", mount.driver())
        .field("Mode", mount.mode())
        .field("RW", mount.writable())
        .field("Propagation", mount.propagation());
  }

  static void specs(JsonWriter out, List<MountSpec> mounts) {
    if (!mounts.isEmpty()) {
      out.array("Mounts", mounts, mount -> out.object(() -> spec(out, mount)));
    }
  }

  private static void spec(JsonWriter out, MountSpec mount) {
    out.omitEmpty("Type", mount.type())
        .omitEmpty("Source", mount.source())
        .omitEmpty("Target", mount.target())
        .omitFalse("ReadOnly", mount.readOnly());
    switch (mount.type()) {
      case "bind" -> bind(out, mount);
      case "volume" -> volume(out, mount);
      case "tmpfs" -> tmpfs(out, mount);
      default -> {}
    }
  }

  private static void bind(JsonWriter out, MountSpec mount) {
    if (mount.propagation().isEmpty() && !mount.nonRecursive() && !mount.createMountpoint()) {
      return;
    }
    out.object(
        "BindOptions",
        () ->
            out.omitEmpty("Propagation", mount.propagation())
                .omitFalse("NonRecursive", mount.nonRecursive())
                .omitFalse("CreateMountpoint", mount.createMountpoint()));
  }

  private static void volume(JsonWriter out, MountSpec mount) {
    boolean driver = !mount.volumeDriver().isEmpty() || !mount.volumeDriverOptions().isEmpty();
    if (!mount.noCopy() && mount.volumeLabels().isEmpty() && !driver) {
      return;
    }
    out.object(
        "VolumeOptions",
        () -> {
          out.omitFalse("NoCopy", mount.noCopy());
          if (!mount.volumeLabels().isEmpty()) {
            out.strings("Labels", mount.volumeLabels());
          }
          // The CLI sends it, empty, together with any other option.
          out.object("DriverConfig", () -> driver(out, mount));
        });
  }

  private static void driver(JsonWriter out, MountSpec mount) {
    out.omitEmpty("Name", mount.volumeDriver());
    if (!mount.volumeDriverOptions().isEmpty()) {
      out.strings("Options", mount.volumeDriverOptions());
    }
  }

  private static void tmpfs(JsonWriter out, MountSpec mount) {
    if (mount.tmpfsSize() == 0 && mount.tmpfsMode() == null) {
      return;
    }
    out.object(
        "TmpfsOptions",
        () -> {
          out.omitZero("SizeBytes", mount.tmpfsSize());
          out.omitZero("Mode", mount.tmpfsMode() == null ? 0 : mount.tmpfsMode());
        });
  }
}
