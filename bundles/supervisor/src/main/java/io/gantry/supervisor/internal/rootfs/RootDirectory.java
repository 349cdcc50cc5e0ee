// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.rootfs;

import io.gantry.api.error.EngineException;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A container's root file system, held by a descriptor. What is in it is hostile: paths are
 * resolved by the kernel within the root (openat2(2), RESOLVE_IN_ROOT), never as text, and nothing
 * but regular files of a bounded size is read.
 */
public final class RootDirectory implements AutoCloseable {
  private static final int RESOLVE = Openat2.RESOLVE_IN_ROOT | Openat2.RESOLVE_NO_MAGICLINKS;

  private final Fd root;

  /** Takes over the descriptor. */
  public RootDirectory(Fd root) {
    this.root = root;
  }

  /** The root that a process sees. */
  public static RootDirectory ofProcess(int pid) {
    return new RootDirectory(
        Syscalls.open("/proc/" + pid + "/root", Openat2.O_PATH | Openat2.O_DIRECTORY, 0));
  }

  public Fd descriptor() {
    return root;
  }

  /** The file at {@code path}, only to be referred to; empty if there is none. */
  public Optional<Fd> find(String path) {
    int found = Syscalls.openAt2Raw(root.number(), relative(path), Openat2.O_PATH, 0, RESOLVE);
    if (found == -Errno.ENOENT || found == -Errno.ENOTDIR) {
      return Optional.empty();
    }
    if (found < 0) {
      throw new LinuxException("open " + path + " in the container's root", -found);
    }
    return Optional.of(new Fd(found));
  }

  /**
   * The text of a regular file; empty if there is none.
   *
   * @throws EngineException INVALID if it is not a regular file or too long
   */
  public Optional<String> readText(String path, int maxBytes) {
    // Found first and opened after a look at its type: opening a FIFO or a device has effects.
    Optional<Fd> found = find(path);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (Fd reference = found.get()) {
      FileStatus status = FileStatus.of(reference.number());
      if (!status.regular()) {
        throw EngineException.invalid(path + " in the container's root is not a regular file");
      }
      if (status.size() > maxBytes) {
        throw EngineException.invalid(
            path + " in the container's root is too large: " + status.size() + " bytes");
      }
      try (Fd file =
          Syscalls.open(
              reference.path().toString(),
              Openat2.O_RDONLY | Openat2.O_NONBLOCK | Openat2.O_NOCTTY,
              0)) {
        return Optional.of(read(file, path, maxBytes));
      }
    }
  }

  private static String read(Fd file, String path, int maxBytes) {
    ByteBuffer direct = ByteBuffer.allocateDirect(16 * 1024);
    byte[] text = new byte[direct.capacity()];
    int length = 0;
    while (Syscalls.read(file.number(), direct.clear()) > 0) {
      direct.flip();
      if (length + direct.remaining() > maxBytes) {
        throw EngineException.invalid(path + " in the container's root is too large");
      }
      if (length + direct.remaining() > text.length) {
        text = Arrays.copyOf(text, Math.max(2 * text.length, length + direct.remaining()));
      }
      int count = direct.remaining();
      direct.get(text, length, count);
      length += count;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  private static String relative(String path) {
    String relative = path.replaceFirst("^/+", "");
    return relative.isEmpty() ? "." : relative;
  }

  @Override
  public void close() {
    root.close();
  }
}
