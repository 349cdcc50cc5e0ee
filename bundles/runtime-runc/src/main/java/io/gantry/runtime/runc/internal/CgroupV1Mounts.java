// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.linux.program.SyscallProgram;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A tmpfs with a directory for each hierarchy, as runc lays it out. */
final class CgroupV1Mounts extends CgroupMounts {
  private final CgroupHost host;
  private final String path;
  private final boolean ownNamespace;
  private final Map<String, SyscallProgram.Adder> opened = new LinkedHashMap<>();

  CgroupV1Mounts(CgroupHost host, String path, boolean ownNamespace) {
    this.host = host;
    this.path = path;
    this.ownNamespace = ownNamespace;
  }

  @Override
  void open(SyscallProgram program) {
    if (!ownNamespace) {
      host.v1()
          .forEach(
              (name, hierarchy) ->
                  opened.put(name, openTree(program, hierarchy.resolve(path), false)));
    }
  }

  @Override
  void mount(RootfsBranch rootfs, RuntimeSpec.Mount mount, MountOptions options) {
    String base = mount.destination();
    rootfs.mount("tmpfs", "tmpfs", base, options.mountFlags() & ~MountOptions.RDONLY, "mode=755");
    for (Map.Entry<String, Path> hierarchy : host.v1().entrySet()) {
      String name = hierarchy.getKey().replaceFirst("^name=", "");
      String target = base + "/" + name;
      rootfs.directory(target, base);
      if (ownNamespace) {
        rootfs.mount("cgroup", "cgroup", target, options.mountFlags(), hierarchy.getKey());
      } else {
        SyscallProgram.Adder attach = rootfs.attach(-1, target);
        opened.get(hierarchy.getKey()).storing(attach.argument(0), 8);
      }
      for (String controller : name.split(",")) {
        if (!controller.equals(name)) {
          rootfs.symlink(name, base + "/" + controller);
        }
      }
    }
    // one call for the tmpfs and all below it
    rootfs.attributes(base, options.set(), true);
  }
}
