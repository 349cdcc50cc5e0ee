// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.error.EngineException;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;

/**
 * Detached copies of mounts of the host, made by the engine on descriptors before the container
 * exists.
 */
final class BindSources {
  private static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_RECURSIVE = 0x8000;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int OPEN_TREE_CLOEXEC = 0x80000;
  private static final int MOUNT_ATTR_BYTES = 32;

  private BindSources() {}

  /** Clones the tree at {@code source} and gives it the attributes of {@code options}. */
  static Fd open(String source, MountOptions options, String destination) {
    long flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (options.tree() ? AT_RECURSIVE : 0);
    long fd;
    try (NativeMemory path = NativeMemory.string(source)) {
      fd = Syscalls.raw(Syscall.OPEN_TREE, AT_FDCWD, path.address(), flags, 0, 0, 0);
    }
    if (fd < 0) {
      throw EngineException.invalid(
          "error mounting \""
              + source
              + "\" to rootfs at \""
              + destination
              + "\": mount src="
              + source
              + ", dst="
              + destination
              + ": "
              + Errno.message((int) -fd).toLowerCase(java.util.Locale.ROOT));
    }
    Fd tree = new Fd((int) fd);
    try {
      attributes(tree, options.set(), options.clear(), 0, false);
      if (options.recursive() != 0) {
        attributes(tree, options.recursive(), 0, 0, true);
      }
      if (options.propagation() != 0) {
        attributes(tree, 0, 0, options.propagation(), options.propagationRecursive());
      }
      return tree;
    } catch (LinuxException e) {
      tree.close();
      throw e;
    }
  }

  private static void attributes(
      Fd tree, long set, long clear, long propagation, boolean recursive) {
    if (set == 0 && clear == 0 && propagation == 0) {
      return;
    }
    try (NativeMemory empty = NativeMemory.string("");
        NativeMemory attributes = NativeMemory.allocate(MOUNT_ATTR_BYTES)) {
      attributes
          .setLong(0, set)
          .setLong(8, clear | ((set & MountOptions.ATIME) != 0 ? MountOptions.ATIME : 0));
      attributes.setLong(16, propagation);
      Syscalls.call(
          "mount_setattr",
          Syscall.MOUNT_SETATTR,
          tree.number(),
          empty.address(),
          AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0),
          attributes.address(),
          MOUNT_ATTR_BYTES,
          0);
    }
  }
}
