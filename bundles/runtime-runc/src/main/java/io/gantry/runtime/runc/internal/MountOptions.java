// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The options of an OCI mount, told apart.
 *
 * @param set MOUNT_ATTR flags to set
 * @param clear MOUNT_ATTR flags to clear
 * @param recursive MOUNT_ATTR flags to set on the whole tree ({@code rro} and its like)
 * @param bind whether it is a bind mount
 * @param tree whether mounts below the source come along
 * @param propagation MS_SHARED and its like, 0 for none
 * @param propagationRecursive whether that is for the whole tree
 * @param data what the file system itself is told, {@code key=value} or {@code key}
 */
record MountOptions(
    long set,
    long clear,
    long recursive,
    boolean bind,
    boolean tree,
    long propagation,
    boolean propagationRecursive,
    List<String> data) {
  static final long RDONLY = 1;
  static final long NOSUID = 2;
  static final long NODEV = 4;
  static final long NOEXEC = 8;
  static final long ATIME = 0x70;
  static final long NOATIME = 0x10;
  static final long STRICTATIME = 0x20;
  static final long NODIRATIME = 0x80;

  private static final Map<String, Long> FLAGS =
      Map.of(
          "ro", RDONLY,
          "nosuid", NOSUID,
          "nodev", NODEV,
          "noexec", NOEXEC,
          "nodiratime", NODIRATIME);
  private static final Map<String, Long> CLEARED =
      Map.of(
          "rw", RDONLY,
          "suid", NOSUID,
          "dev", NODEV,
          "exec", NOEXEC,
          "diratime", NODIRATIME);
  private static final Map<String, Long> ACCESS_TIMES =
      Map.of("noatime", NOATIME, "strictatime", STRICTATIME, "relatime", 0L);
  private static final Map<String, Long> PROPAGATIONS =
      Map.of("private", 1L << 18, "slave", 1L << 19, "shared", 1L << 20, "unbindable", 1L << 17);

  static MountOptions parse(String type, List<String> options) {
    long set = 0;
    long clear = 0;
    long recursive = 0;
    long propagation = 0;
    boolean propagationRecursive = false;
    boolean bind = "bind".equals(type);
    boolean tree = false;
    List<String> data = new ArrayList<>();
    for (String option : options) {
      if (FLAGS.containsKey(option)) {
        set |= FLAGS.get(option);
        clear &= ~FLAGS.get(option);
      } else if (CLEARED.containsKey(option)) {
        clear |= CLEARED.get(option);
        set &= ~CLEARED.get(option);
      } else if (ACCESS_TIMES.containsKey(option)) {
        set = set & ~ATIME | ACCESS_TIMES.get(option);
        clear |= ATIME;
      } else if (PROPAGATIONS.containsKey(option)) {
        propagation = PROPAGATIONS.get(option);
      } else if (option.startsWith("r") && PROPAGATIONS.containsKey(option.substring(1))) {
        propagation = PROPAGATIONS.get(option.substring(1));
        propagationRecursive = true;
      } else if (option.equals("bind")) {
        bind = true;
      } else if (option.equals("rbind")) {
        bind = true;
        tree = true;
      } else if (option.startsWith("r") && FLAGS.containsKey(option.substring(1))) {
        recursive |= FLAGS.get(option.substring(1));
      } else if (!option.equals("defaults") && !option.isEmpty()) {
        data.add(option);
      }
    }
    return new MountOptions(
        set, clear, recursive, bind, tree, propagation, propagationRecursive, List.copyOf(data));
  }

  /**
   * The MS_ flags of mount(2): their low bits differ from those of mount_setattr(2) in the access
   * times.
   */
  long mountFlags() {
    long flags = set & (RDONLY | NOSUID | NODEV | NOEXEC);
    if ((set & ATIME) == NOATIME) {
      flags |= 1 << 10;
    }
    if ((set & ATIME) == STRICTATIME) {
      flags |= 1 << 24;
    }
    if ((set & NODIRATIME) != 0) {
      flags |= 1 << 11;
    }
    return flags;
  }
}
