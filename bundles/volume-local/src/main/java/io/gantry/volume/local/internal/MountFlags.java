// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.volume.local.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The option list of mount(8), taken apart into flags of mount(2), propagation, and what is left
 * for the file system.
 */
record MountFlags(long flags, long propagation, String data) {
  static final long READ_ONLY = 1;
  static final long REMOUNT = 32;
  static final long BIND = 4096;
  private static final long RECURSIVE = 16384;

  private static final Map<String, Long> SET =
      Map.ofEntries(
          Map.entry("ro", READ_ONLY),
          Map.entry("nosuid", 2L),
          Map.entry("nodev", 4L),
          Map.entry("noexec", 8L),
          Map.entry("sync", 16L),
          Map.entry("remount", REMOUNT),
          Map.entry("mand", 64L),
          Map.entry("dirsync", 128L),
          Map.entry("noatime", 1024L),
          Map.entry("nodiratime", 2048L),
          Map.entry("bind", BIND),
          Map.entry("rbind", BIND | RECURSIVE),
          Map.entry("relatime", 1L << 21),
          Map.entry("strictatime", 1L << 24));
  private static final Map<String, Long> CLEAR =
      Map.ofEntries(
          Map.entry("defaults", 0L),
          Map.entry("rw", READ_ONLY),
          Map.entry("suid", 2L),
          Map.entry("dev", 4L),
          Map.entry("exec", 8L),
          Map.entry("async", 16L),
          Map.entry("nomand", 64L),
          Map.entry("atime", 1024L),
          Map.entry("diratime", 2048L),
          Map.entry("norelatime", 1L << 21),
          Map.entry("nostrictatime", 1L << 24));
  private static final Map<String, Long> PROPAGATION =
      Map.of(
          "unbindable",
          1L << 17,
          "runbindable",
          1L << 17 | RECURSIVE,
          "private",
          1L << 18,
          "rprivate",
          1L << 18 | RECURSIVE,
          "slave",
          1L << 19,
          "rslave",
          1L << 19 | RECURSIVE,
          "shared",
          1L << 20,
          "rshared",
          1L << 20 | RECURSIVE);

  static MountFlags parse(String options) {
    long flags = 0;
    long propagation = 0;
    List<String> data = new ArrayList<>();
    for (String option : options.split(",", -1)) {
      if (SET.containsKey(option)) {
        flags |= SET.get(option);
      } else if (CLEAR.containsKey(option)) {
        flags &= ~CLEAR.get(option);
      } else if (PROPAGATION.containsKey(option)) {
        propagation |= PROPAGATION.get(option);
      } else if (!option.isEmpty()) {
        data.add(option);
      }
    }
    return new MountFlags(flags, propagation, String.join(",", data));
  }

  /** The kernel ignores read-only when it binds; it has to be said again in a second call. */
  boolean isReadOnlyBind() {
    return (flags & (BIND | READ_ONLY)) == (BIND | READ_ONLY);
  }
}
