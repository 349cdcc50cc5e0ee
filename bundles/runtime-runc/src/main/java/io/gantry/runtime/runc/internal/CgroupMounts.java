// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.linux.Syscall;
import io.gantry.linux.program.SyscallProgram;
import java.nio.file.Path;

/**
 * How a container sees its cgroups. With a cgroup namespace of its own it mounts them itself; else
 * it gets bind mounts of what the host has, opened while the host's root is still there.
 */
abstract class CgroupMounts {
  private static final int AT_FDCWD = -100;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int OPEN_TREE_CLOEXEC = 0x80000;
  private static final int AT_RECURSIVE = 0x8000;

  /** Adds what must be opened before the host's root is gone. */
  abstract void open(SyscallProgram program);

  /** Adds the mounts, within the container's root. */
  abstract void mount(RootfsBranch rootfs, RuntimeSpec.Mount mount, MountOptions options);

  static SyscallProgram.Adder openTree(SyscallProgram program, Path source, boolean recursive) {
    return program.add(
        "open the cgroup " + source,
        Syscall.OPEN_TREE,
        AT_FDCWD,
        program.string(source.toString()),
        OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (recursive ? AT_RECURSIVE : 0));
  }
}
