// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.overlay.internal;

/** File systems as Docker names them. */
final class BackingFilesystem {
  private BackingFilesystem() {}

  static String name(String type) {
    return switch (type) {
      case "ext2", "ext3", "ext4" -> "extfs";
      case "overlay" -> "overlayfs";
      default -> type;
    };
  }
}
