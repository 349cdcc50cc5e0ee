// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.directory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file system below a driver, by the name that {@code docker info} has for it. */
public final class BackingFilesystem {
  private BackingFilesystem() {}

  public static String of(Path directory) {
    try {
      String type = Files.getFileStore(directory).type();
      return switch (type) {
        case "ext2", "ext3", "ext4" -> "extfs";
        case "overlay" -> "overlayfs";
        default -> type;
      };
    } catch (IOException e) {
      return "<unknown>";
    }
  }
}
