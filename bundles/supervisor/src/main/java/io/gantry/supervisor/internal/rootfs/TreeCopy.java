// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.rootfs;

import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies a directory's content with owners, modes, times, extended attributes, hard links and
 * special files. Works on descriptors and follows no symbolic link on either side: another
 * container that has the same volume may change it meanwhile.
 */
final class TreeCopy {
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_FOLLOW = 0x400;
  private static final int PERMISSIONS = 07777;
  private static final int BUFFER = 64 * 1024;
  private static final int COPY_STEP = 1 << 30;

  /** Where the first name of a hard-linked file was copied to. */
  private final Map<List<Long>, Fd> links = new HashMap<>();

  private TreeCopy() {}

  /** Copies if {@code target} is empty, the directory's own owner, mode and times too. */
  static void intoEmpty(Fd source, Fd target) {
    if (!names(target).isEmpty()) {
      return;
    }
    TreeCopy copy = new TreeCopy();
    try {
      copy.content(source, target);
      copy.metadata(source, target, FileStatus.of(source.number()));
    } finally {
      copy.links.values().forEach(Fd::close);
    }
  }

  private void content(Fd source, Fd target) {
    for (String name : names(source)) {
      try (Fd entry =
          Syscalls.openAt(source.number(), name, Openat2.O_PATH | Openat2.O_NOFOLLOW, 0)) {
        entry(source, entry, name, target);
      }
    }
  }

  private void entry(Fd parent, Fd entry, String name, Fd target) {
    FileStatus status = FileStatus.of(entry.number());
    List<Long> identity = List.of(status.device(), status.inode());
    if (!status.directory() && status.links() > 1 && links.containsKey(identity)) {
      link(links.get(identity), target, name);
      return;
    }
    switch (status.type()) {
      case FileStatus.S_IFDIR -> directory(parent, name, status, target);
      case FileStatus.S_IFREG -> regular(parent, name, status, target);
      case FileStatus.S_IFLNK -> symbolicLink(entry, name, target);
      default -> special(name, status, target);
    }
    if (!status.directory() && !status.regular()) {
      try (Fd made =
          Syscalls.openAt(target.number(), name, Openat2.O_PATH | Openat2.O_NOFOLLOW, 0)) {
        chown(made, status);
        if (status.type() != FileStatus.S_IFLNK) {
          chmodByPath(made, status);
        }
        timesByName(target, name, status);
      }
    }
    if (!status.directory() && status.links() > 1) {
      links.put(
          identity, Syscalls.openAt(target.number(), name, Openat2.O_PATH | Openat2.O_NOFOLLOW, 0));
    }
  }

  private void directory(Fd parent, String name, FileStatus status, Fd target) {
    try (NativeMemory text = NativeMemory.string(name)) {
      Syscalls.call(
          "mkdir " + name, Syscall.MKDIRAT, target.number(), text.address(), 0700, 0, 0, 0);
    }
    int flags = Openat2.O_RDONLY | Openat2.O_DIRECTORY | Openat2.O_NOFOLLOW;
    try (Fd from = Syscalls.openAt(parent.number(), name, flags, 0);
        Fd to = Syscalls.openAt(target.number(), name, flags, 0)) {
      content(from, to);
      metadata(from, to, status);
    }
  }

  private void regular(Fd parent, String name, FileStatus status, Fd target) {
    try (Fd from =
            Syscalls.openAt(parent.number(), name, Openat2.O_RDONLY | Openat2.O_NOFOLLOW, 0);
        Fd to =
            Syscalls.openAt(
                target.number(),
                name,
                Openat2.O_WRONLY | Openat2.O_CREAT | Openat2.O_EXCL | Openat2.O_NOFOLLOW,
                0600)) {
      bytes(from, to);
      metadata(from, to, status);
    }
  }

  private static void bytes(Fd from, Fd to) {
    long copied;
    boolean any = false;
    do {
      copied =
          Syscalls.raw(Syscall.COPY_FILE_RANGE, from.number(), 0, to.number(), 0, COPY_STEP, 0);
      any |= copied > 0;
    } while (copied > 0);
    if (copied == 0) {
      return;
    }
    boolean unsupported =
        copied == -Errno.EXDEV || copied == -Errno.EINVAL || copied == -Errno.ENOSYS;
    if (any || !unsupported) {
      throw new LinuxException("copy_file_range", (int) -copied);
    }
    java.nio.ByteBuffer buffer = java.nio.ByteBuffer.allocateDirect(BUFFER);
    while (Syscalls.read(from.number(), buffer.clear()) > 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        int written = Syscalls.writeRaw(to.number(), buffer);
        if (written < 0) {
          throw new LinuxException("write", -written);
        }
      }
    }
  }

  private static void symbolicLink(Fd entry, String name, Fd target) {
    try (NativeMemory empty = NativeMemory.string("");
        NativeMemory text = NativeMemory.string(name);
        NativeMemory buffer = NativeMemory.allocate(4097)) {
      long length =
          Syscalls.call(
              "readlink " + name,
              Syscall.READLINKAT,
              entry.number(),
              empty.address(),
              buffer.address(),
              4096,
              0,
              0);
      buffer.setByte(length, (byte) 0);
      Syscalls.call(
          "symlink " + name,
          Syscall.SYMLINKAT,
          buffer.address(),
          target.number(),
          text.address(),
          0,
          0,
          0);
    }
  }

  private static void special(String name, FileStatus status, Fd target) {
    try (NativeMemory text = NativeMemory.string(name)) {
      Syscalls.call(
          "mknod " + name,
          Syscall.MKNODAT,
          target.number(),
          text.address(),
          status.type() | 0600,
          status.rdev(),
          0,
          0);
    }
  }

  private static void link(Fd first, Fd target, String name) {
    // By the /proc path: AT_EMPTY_PATH would need CAP_DAC_READ_SEARCH.
    try (NativeMemory from = NativeMemory.string(first.path().toString());
        NativeMemory text = NativeMemory.string(name)) {
      Syscalls.call(
          "link " + name,
          Syscall.LINKAT,
          AT_FDCWD,
          from.address(),
          target.number(),
          text.address(),
          AT_SYMLINK_FOLLOW,
          0);
    }
  }

  private void metadata(Fd from, Fd to, FileStatus status) {
    chown(to, status);
    Syscalls.call("fchmod", Syscall.FCHMOD, to.number(), status.mode() & PERMISSIONS, 0, 0, 0, 0);
    ExtendedAttributes.copy(from, to);
    try (NativeMemory times = times(status)) {
      Syscalls.call("utimensat", Syscall.UTIMENSAT, to.number(), 0, times.address(), 0, 0, 0);
    }
  }

  private static void chown(Fd file, FileStatus status) {
    try (NativeMemory empty = NativeMemory.string("")) {
      Syscalls.call(
          "chown",
          Syscall.FCHOWNAT,
          file.number(),
          empty.address(),
          status.uid(),
          status.gid(),
          AT_EMPTY_PATH,
          0);
    }
  }

  private static void chmodByPath(Fd file, FileStatus status) {
    try (NativeMemory path = NativeMemory.string(file.path().toString())) {
      Syscalls.call(
          "chmod",
          Syscall.FCHMODAT,
          AT_FDCWD,
          path.address(),
          status.mode() & PERMISSIONS,
          0,
          0,
          0);
    }
  }

  private static void timesByName(Fd directory, String name, FileStatus status) {
    try (NativeMemory text = NativeMemory.string(name);
        NativeMemory times = times(status)) {
      Syscalls.call(
          "utimensat " + name,
          Syscall.UTIMENSAT,
          directory.number(),
          text.address(),
          times.address(),
          AT_SYMLINK_NOFOLLOW,
          0,
          0);
    }
  }

  private static NativeMemory times(FileStatus status) {
    return NativeMemory.allocate(32)
        .setLong(0, status.accessSeconds())
        .setLong(8, status.accessNanos())
        .setLong(16, status.changeSeconds())
        .setLong(24, status.changeNanos());
  }

  private static List<String> names(Fd directory) {
    List<String> names = new ArrayList<>();
    // A description of its own: the position of the given one stays where it is.
    try (Fd own =
            Syscalls.openAt(directory.number(), ".", Openat2.O_RDONLY | Openat2.O_DIRECTORY, 0);
        NativeMemory buffer = NativeMemory.allocate(BUFFER)) {
      int length;
      while ((length =
              (int)
                  Syscalls.call(
                      "getdents",
                      Syscall.GETDENTS64,
                      own.number(),
                      buffer.address(),
                      BUFFER,
                      0,
                      0,
                      0))
          > 0) {
        byte[] entries = buffer.getBytes(0, length);
        for (int at = 0; at < length; ) {
          int size = (entries[at + 16] & 0xff) | (entries[at + 17] & 0xff) << 8;
          int end = at + 19;
          while (entries[end] != 0) {
            end++;
          }
          String name = new String(entries, at + 19, end - at - 19, StandardCharsets.UTF_8);
          if (!name.equals(".") && !name.equals("..")) {
            names.add(name);
          }
          at += size;
        }
      }
    }
    return names;
  }
}
