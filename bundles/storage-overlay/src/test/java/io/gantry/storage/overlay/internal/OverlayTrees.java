// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.overlay.internal;

import io.gantry.api.storage.Mount;
import io.gantry.linux.Fd;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import io.gantry.tck.storage.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Mounts overlays on nothing: a detached mount, seen through its descriptor. */
final class OverlayTrees implements Trees {
  private static final int SET_FLAG = 0;
  private static final int SET_STRING = 1;
  private static final int CREATE = 6;
  private static final int CLOEXEC = 1;

  @Override
  public void use(List<Mount> mounts, Use use) throws IOException {
    Mount mount = mounts.get(0);
    if (mount.type().equals("bind")) {
      use.of(Path.of(mount.source()));
      return;
    }
    try (Fd tree = mount(mount)) {
      use.of(tree.path());
    }
  }

  private static Fd mount(Mount mount) {
    try (NativeMemory type = NativeMemory.string(mount.type());
        Fd context =
            new Fd(
                (int)
                    Syscalls.call("fsopen", Syscall.FSOPEN, type.address(), CLOEXEC, 0, 0, 0, 0))) {
      for (String option : mount.options()) {
        int equals = option.indexOf('=');
        if (option.startsWith("lowerdir=")) {
          for (String layer : option.substring(equals + 1).split(":")) {
            set(context, SET_STRING, "lowerdir+", layer);
          }
        } else if (equals > 0) {
          set(context, SET_STRING, option.substring(0, equals), option.substring(equals + 1));
        } else {
          set(context, SET_FLAG, option, null);
        }
      }
      Syscalls.call("fsconfig", Syscall.FSCONFIG, context.number(), CREATE, 0, 0, 0, 0);
      return new Fd(
          (int) Syscalls.call("fsmount", Syscall.FSMOUNT, context.number(), CLOEXEC, 0, 0, 0, 0));
    }
  }

  private static void set(Fd context, int what, String key, String value) {
    try (NativeMemory name = NativeMemory.string(key);
        NativeMemory text = NativeMemory.string(value == null ? "" : value)) {
      Syscalls.call(
          "fsconfig " + key + "=" + value,
          Syscall.FSCONFIG,
          context.number(),
          what,
          name.address(),
          value == null ? 0 : text.address(),
          0,
          0);
    }
  }
}
