// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Lists an open directory, names as byte strings; the JDK decodes them by the locale. */
final class DirectoryNames {
  private static final int BUFFER_BYTES = 32 << 10;

  private DirectoryNames() {}

  static List<String> of(int directory) {
    List<String> names = new ArrayList<>();
    try (NativeMemory buffer = NativeMemory.allocate(BUFFER_BYTES)) {
      while (true) {
        int count =
            (int)
                Syscalls.call(
                    "getdents64",
                    Syscall.GETDENTS64,
                    directory,
                    buffer.address(),
                    BUFFER_BYTES,
                    0,
                    0,
                    0);
        if (count == 0) {
          return names;
        }
        for (int at = 0; at < count; ) {
          // struct linux_dirent64: inode 8, offset 8, length 2, type 1, name
          int length = (buffer.getByte(at + 16) & 0xff) | (buffer.getByte(at + 17) & 0xff) << 8;
          byte[] bytes = buffer.getBytes(at + 19L, length - 19);
          String name = new String(bytes, StandardCharsets.ISO_8859_1);
          name = name.substring(0, name.indexOf('\0'));
          if (!name.equals(".") && !name.equals("..")) {
            names.add(name);
          }
          at += length;
        }
      }
    }
  }
}
