// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.linux.Fd;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A detached overlay mount, as the engine hands one to a runtime. */
final class OverlayRoot {
  private static final int CLOEXEC = 1;
  private static final int SET_STRING = 1;
  private static final int CREATE = 6;

  private OverlayRoot() {}

  static Fd mount(Path lower, Path scratch) throws IOException {
    Path upper = Files.createDirectories(scratch.resolve("u"));
    Path work = Files.createDirectories(scratch.resolve("w"));
    try (NativeMemory type = NativeMemory.string("overlay");
        Fd context =
            new Fd(
                (int)
                    Syscalls.call("fsopen", Syscall.FSOPEN, type.address(), CLOEXEC, 0, 0, 0, 0))) {
      set(context, "lowerdir", lower);
      set(context, "upperdir", upper);
      set(context, "workdir", work);
      Syscalls.call("fsconfig", Syscall.FSCONFIG, context.number(), CREATE, 0, 0, 0, 0);
      return new Fd(
          (int) Syscalls.call("fsmount", Syscall.FSMOUNT, context.number(), CLOEXEC, 0, 0, 0, 0));
    }
  }

  private static void set(Fd context, String key, Path value) {
    try (NativeMemory name = NativeMemory.string(key);
        NativeMemory text = NativeMemory.string(value.toString())) {
      Syscalls.call(
          "fsconfig",
          Syscall.FSCONFIG,
          context.number(),
          SET_STRING,
          name.address(),
          text.address(),
          0,
          0);
    }
  }
}
