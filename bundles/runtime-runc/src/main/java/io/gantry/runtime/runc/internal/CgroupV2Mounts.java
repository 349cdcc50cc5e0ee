// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.linux.program.SyscallProgram;
import java.nio.file.Path;

/** The one hierarchy of version 2. */
final class CgroupV2Mounts extends CgroupMounts {
  private final Path unified;
  private final boolean ownNamespace;
  private SyscallProgram.Adder opened;

  CgroupV2Mounts(Path unified, boolean ownNamespace) {
    this.unified = unified;
    this.ownNamespace = ownNamespace;
  }

  @Override
  void open(SyscallProgram program) {
    if (!ownNamespace) {
      opened = openTree(program, unified, true);
    }
  }

  @Override
  void mount(RootfsBranch rootfs, RuntimeSpec.Mount mount, MountOptions options) {
    String destination = mount.destination();
    if (ownNamespace) {
      rootfs.mount("cgroup2", "cgroup", destination, options.mountFlags(), null);
    } else {
      opened.storing(rootfs.attach(-1, destination).argument(0), 8);
      rootfs.attributes(destination, options.set(), true);
    }
  }
}
