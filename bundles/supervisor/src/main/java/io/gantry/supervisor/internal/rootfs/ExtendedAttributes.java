// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.rootfs;

import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.charset.StandardCharsets;

/** Copies extended attributes: file capabilities, ACLs, the users' own. */
final class ExtendedAttributes {
  private static final int MAX_SIZE = 64 * 1024; // XATTR_SIZE_MAX, XATTR_LIST_MAX

  private ExtendedAttributes() {}

  static void copy(Fd from, Fd to) {
    long size = Syscalls.raw(Syscall.FLISTXATTR, from.number(), 0, 0, 0, 0, 0);
    if (size <= 0) {
      return; // none, or a file system without them
    }
    try (NativeMemory list = NativeMemory.allocate(MAX_SIZE)) {
      int length =
          (int)
              Syscalls.call(
                  "flistxattr",
                  Syscall.FLISTXATTR,
                  from.number(),
                  list.address(),
                  MAX_SIZE,
                  0,
                  0,
                  0);
      String names = new String(list.getBytes(0, length), StandardCharsets.UTF_8);
      for (String name : names.split("\0", -1)) {
        // Overlay's own marks describe the layers, not the file.
        if (!name.isEmpty() && !name.startsWith("trusted.overlay.")) {
          copyOne(from, to, name);
        }
      }
    }
  }

  private static void copyOne(Fd from, Fd to, String name) {
    try (NativeMemory key = NativeMemory.string(name);
        NativeMemory value = NativeMemory.allocate(MAX_SIZE)) {
      long size =
          Syscalls.call(
              "getxattr " + name,
              Syscall.FGETXATTR,
              from.number(),
              key.address(),
              value.address(),
              MAX_SIZE,
              0,
              0);
      long set =
          Syscalls.raw(Syscall.FSETXATTR, to.number(), key.address(), value.address(), size, 0, 0);
      if (set < 0 && set != -Errno.EOPNOTSUPP) {
        throw new LinuxException("setxattr " + name, (int) -set);
      }
    }
  }
}
