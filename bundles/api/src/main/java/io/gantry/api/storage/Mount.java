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
 * @param options as in fstab: {@code ro}, {@code rbind}, {@code lowerdir=...}
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
