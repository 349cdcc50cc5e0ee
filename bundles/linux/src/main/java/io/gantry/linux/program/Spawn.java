// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.program;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import com.sun.jna.ptr.IntByReference;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscalls;
import java.util.List;

/**
 * posix_spawn(3) of an image: a vfork in the C library, so that its cost does not grow with the
 * heap. The child begins clean: no signal blocked, every signal at its default (a JVM blocks and
 * ignores some), and the descriptors of the table, numbered from 0.
 */
public final class Spawn {
  private static final short POSIX_SPAWN_SETSIGDEF = 4;
  private static final short POSIX_SPAWN_SETSIGMASK = 8;
  private static final int SIGSET_BYTES = 128;

  /** glibc: 80 bytes for file actions, 336 for attributes; rounded up. */
  private static final int OPAQUE_BYTES = 512;

  /**
   * Sources and the image are moved above the table first, so that no dup2 overwrites one that is
   * still needed.
   */
  private static final int F_DUPFD_CLOEXEC = 1030;

  private static final int MOVED_ABOVE = 256;

  static {
    Native.register(Spawn.class, NativeLibrary.getInstance("c"));
  }

  private Spawn() {}

  /**
   * Starts the image.
   *
   * @param table descriptor numbers of this process, which become 0, 1, 2... in the child; -1
   *     leaves a number to what it is here
   * @return the child's pid
   */
  public static int spawn(Fd image, List<String> arguments, int[] table) {
    Fd[] sources = new Fd[table.length];
    int above = Math.max(MOVED_ABOVE, table.length);
    try (Fd program = new Fd((int) Syscalls.fcntl(image.number(), F_DUPFD_CLOEXEC, above));
        Memory actions = new Memory(OPAQUE_BYTES);
        Memory attributes = new Memory(OPAQUE_BYTES);
        Memory signals = new Memory(SIGSET_BYTES)) {
      check("posix_spawn_file_actions_init", posix_spawn_file_actions_init(actions));
      check("posix_spawnattr_init", posix_spawnattr_init(attributes));
      try {
        signals.clear();
        check("posix_spawnattr_setsigmask", posix_spawnattr_setsigmask(attributes, signals));
        signals.setMemory(0, SIGSET_BYTES, (byte) 0xff);
        check("posix_spawnattr_setsigdefault", posix_spawnattr_setsigdefault(attributes, signals));
        check(
            "posix_spawnattr_setflags",
            posix_spawnattr_setflags(
                attributes, (short) (POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)));
        for (int i = 0; i < table.length; i++) {
          if (table[i] >= 0) {
            sources[i] = new Fd((int) Syscalls.fcntl(table[i], F_DUPFD_CLOEXEC, above));
            check(
                "posix_spawn_file_actions_adddup2",
                posix_spawn_file_actions_adddup2(actions, sources[i].number(), i));
          }
        }
        IntByReference pid = new IntByReference();
        check(
            "posix_spawn",
            posix_spawn(
                pid.getPointer(),
                "/proc/self/fd/" + program.number(),
                actions,
                attributes,
                new StringArray(arguments.toArray(String[]::new)),
                new StringArray(new String[0])));
        return pid.getValue();
      } finally {
        posix_spawn_file_actions_destroy(actions);
        posix_spawnattr_destroy(attributes);
      }
    } finally {
      for (Fd source : sources) {
        if (source != null) {
          source.close();
        }
      }
    }
  }

  private static void check(String call, int error) {
    if (error != 0) {
      throw new LinuxException(call, error);
    }
  }

  private static native int posix_spawn(
      Pointer pid, String path, Pointer actions, Pointer attributes, Pointer argv, Pointer envp);

  private static native int posix_spawn_file_actions_init(Pointer actions);

  private static native int posix_spawn_file_actions_adddup2(Pointer actions, int from, int to);

  private static native int posix_spawn_file_actions_destroy(Pointer actions);

  private static native int posix_spawnattr_init(Pointer attributes);

  private static native int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

  private static native int posix_spawnattr_setsigdefault(Pointer attributes, Pointer signals);

  private static native int posix_spawnattr_setflags(Pointer attributes, short flags);

  private static native int posix_spawnattr_destroy(Pointer attributes);
}
