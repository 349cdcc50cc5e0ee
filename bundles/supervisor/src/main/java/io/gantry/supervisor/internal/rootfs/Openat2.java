// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.rootfs;

/** Numbers of openat2(2) and its kin. */
final class Openat2 {
  static final int RESOLVE_NO_MAGICLINKS = 0x02;
  static final int RESOLVE_IN_ROOT = 0x10;

  static final int O_RDONLY = 0;
  static final int O_WRONLY = 1;
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_NOCTTY = 0x100;
  static final int O_NONBLOCK = 0x800;
  private static final boolean AARCH64 = "aarch64".equals(System.getProperty("os.arch"));
  // arch/arm64/include/uapi/asm/fcntl.h swaps two of them
  static final int O_DIRECTORY = AARCH64 ? 0x4000 : 0x10000;
  static final int O_NOFOLLOW = AARCH64 ? 0x8000 : 0x20000;
  static final int O_PATH = 0x200000;

  private Openat2() {}
}
