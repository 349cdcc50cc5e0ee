// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.storage;

import java.util.List;
import java.util.Objects;

/**
 * One mount that makes a snapshot visible, as arguments of mount(2). The caller mounts it; a
 * snapshotter never does.
 *
 * @param type the file system type, or {@code bind}
 * @param source the device or directory
 * @param options as in fstab, one string each: {@code ro}, {@code rbind}, {@code upperdir=...}. All
 *     layers of an overlay are in one {@code lowerdir=}, top first, joined by colons, which no path
 *     contains. That may be longer than an option of fsconfig(2) can be (255 bytes): the caller
 *     gives layers as {@code lowerdir+} each where the kernel has that (Linux 6.7), or else by
 *     mount(2)
 */
public record Mount(String type, String source, List<String> options) {
  public Mount {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(source, "source");
    options = List.copyOf(options);
  }

  public boolean readOnly() {
    return options.contains("ro");
  }
}
