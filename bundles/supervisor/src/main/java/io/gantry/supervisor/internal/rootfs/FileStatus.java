// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.rootfs;

import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;

/** What stat(2) tells of an open file. */
record FileStatus(
    int mode,
    long uid,
    long gid,
    long size,
    long device,
    long inode,
    long links,
    long rdev,
    long accessSeconds,
    long accessNanos,
    long changeSeconds,
    long changeNanos) {
  static final int S_IFMT = 0xf000;
  static final int S_IFREG = 0x8000;
  static final int S_IFDIR = 0x4000;
  static final int S_IFLNK = 0xa000;
  private static final boolean AARCH64 = "aarch64".equals(System.getProperty("os.arch"));

  static FileStatus of(int descriptor) {
    try (NativeMemory stat = NativeMemory.allocate(144)) {
      Syscalls.call("fstat", Syscall.FSTAT, descriptor, stat.address(), 0, 0, 0, 0);
      // struct stat: the two architectures order nlink and mode differently
      return new FileStatus(
          stat.getInt(AARCH64 ? 16 : 24),
          stat.getInt(AARCH64 ? 24 : 28) & 0xffffffffL,
          stat.getInt(AARCH64 ? 28 : 32) & 0xffffffffL,
          stat.getLong(48),
          stat.getLong(0),
          stat.getLong(8),
          AARCH64 ? stat.getInt(20) : stat.getLong(16),
          stat.getLong(AARCH64 ? 32 : 40),
          stat.getLong(72),
          stat.getLong(80),
          stat.getLong(88),
          stat.getLong(96));
    }
  }

  int type() {
    return mode & S_IFMT;
  }

  boolean directory() {
    return type() == S_IFDIR;
  }

  boolean regular() {
    return type() == S_IFREG;
  }
}
