// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.volume.local.internal;

import io.gantry.linux.Errno;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Mounts in the engine's own mount namespace. */
final class KernelMounter implements Mounter {
  private static final Path TABLE = Path.of("/proc/self/mountinfo");
  private static final int MOUNT_POINT = 4;
  private static final int MNT_DETACH = 2;

  @Override
  public void mount(String source, Path target, String type, long flags, String data) {
    try (NativeMemory from = NativeMemory.string(source);
        NativeMemory to = NativeMemory.string(target.toString());
        NativeMemory kind = NativeMemory.string(type);
        NativeMemory options = NativeMemory.string(data)) {
      Syscalls.call(
          "mount " + source + " on " + target,
          Syscall.MOUNT,
          from.address(),
          to.address(),
          kind.address(),
          flags,
          options.address(),
          0);
    } catch (LinuxException e) {
      throw new MountRefused(Errno.message(e.errno()).toLowerCase(Locale.ROOT), e);
    }
  }

  @Override
  public void unmount(Path target) {
    try (NativeMemory path = NativeMemory.string(target.toString())) {
      Syscalls.call("unmount " + target, Syscall.UMOUNT2, path.address(), MNT_DETACH, 0, 0, 0, 0);
    } catch (LinuxException e) {
      if (e.errno() != Errno.EINVAL && e.errno() != Errno.ENOENT) {
        throw e;
      }
    }
  }

  @Override
  public List<Path> mountPointsBelow(Path directory) {
    List<Path> found = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(TABLE)) {
        Path mountPoint = Path.of(unescape(line.split(" ", MOUNT_POINT + 2)[MOUNT_POINT]));
        if (mountPoint.startsWith(directory)) {
          found.add(mountPoint);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + TABLE, e);
    }
    return found;
  }

  /** The kernel writes blank, tab, line feed and backslash as three octal digits. */
  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && i + 3 < text.length()) {
        plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.append(text.charAt(i));
      }
    }
    return plain.toString();
  }
}
