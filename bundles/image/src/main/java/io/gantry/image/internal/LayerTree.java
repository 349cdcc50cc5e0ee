// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import io.gantry.api.error.EngineException;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.file.Path;

/**
 * The tree that a layer is unpacked into, on descriptors: each parent is opened beneath the root
 * with RESOLVE_IN_ROOT, and the last component is never followed, so that no entry of a hostile tar
 * gets outside, whatever symlinks it brings.
 */
final class LayerTree implements AutoCloseable {
  private static final int O_PATH = 0x200000;
  private static final int O_DIRECTORY = 0x10000;
  private static final int O_NOFOLLOW = 0x20000;
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0x40;
  private static final int O_EXCL = 0x80;
  private static final int RESOLVE_NO_MAGICLINKS = 2;
  private static final int RESOLVE_IN_ROOT = 0x10;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int DEFAULT_MODE = 0755;

  private final Fd root;
  private String lastParent = "";
  private Fd last;

  LayerTree(Path directory) {
    root = Syscalls.open(directory.toString(), O_PATH | O_DIRECTORY, 0);
  }

  /** A cleaned path below the root: no leading slash, no {@code .} and no {@code ..}. */
  static String clean(String name) {
    StringBuilder path = new StringBuilder();
    for (String component : name.split("/")) {
      if (component.equals("..")) {
        throw EngineException.invalid("the layer has an entry outside of its root: " + name);
      }
      if (!component.isEmpty() && !component.equals(".")) {
        path.append(path.length() == 0 ? "" : "/").append(component);
      }
    }
    return path.toString();
  }

  /** The directory of an entry, made with the default mode where it is missing. */
  int parent(String path) {
    int slash = path.lastIndexOf('/');
    String parent = slash < 0 ? "" : path.substring(0, slash);
    if (parent.isEmpty()) {
      return root.number();
    }
    if (last == null || !parent.equals(lastParent)) {
      Fd opened = openDirectory(parent);
      forgetParent();
      last = opened;
      lastParent = parent;
    }
    return last.number();
  }

  private Fd openDirectory(String path) {
    int fd =
        Syscalls.openAt2Raw(
            root.number(), path, O_PATH | O_DIRECTORY, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    if (fd == -Errno.ENOENT) {
      int slash = path.lastIndexOf('/');
      String above = slash < 0 ? "" : path.substring(0, slash);
      try (Fd parent = above.isEmpty() ? null : openDirectory(above)) {
        mkdir(
            parent == null ? root.number() : parent.number(),
            path.substring(slash + 1),
            DEFAULT_MODE);
      }
      return Syscalls.openAt2(
          root.number(), path, O_PATH | O_DIRECTORY, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    }
    if (fd < 0) {
      throw new LinuxException("open " + path + " in the layer", -fd);
    }
    return new Fd(fd);
  }

  /** To be called when a directory may have been replaced. */
  void forgetParent() {
    if (last != null) {
      last.close();
      last = null;
      lastParent = "";
    }
  }

  int rootNumber() {
    return root.number();
  }

  static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  void mkdir(int parent, String name, int mode) {
    try (NativeMemory text = NativeMemory.string(name)) {
      long result = Syscalls.raw(Syscall.MKDIRAT, parent, text.address(), mode, 0, 0, 0);
      if (result < 0 && result != -Errno.EEXIST) {
        throw new LinuxException("mkdir " + name, (int) -result);
      }
    }
  }

  /** Whether a directory is there, itself and not behind a symlink. */
  boolean isDirectory(int parent, String name) {
    try (NativeMemory text = NativeMemory.string(name)) {
      long fd =
          Syscalls.raw(
              Syscall.OPENAT,
              parent,
              text.address(),
              O_PATH | O_DIRECTORY | O_NOFOLLOW | 0x80000,
              0,
              0,
              0);
      if (fd >= 0) {
        Syscalls.closeQuietly((int) fd);
      }
      return fd >= 0;
    }
  }

  Fd createFile(int parent, String name) {
    return Syscalls.openAt(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  }

  void symlink(int parent, String name, String target) {
    try (NativeMemory text = NativeMemory.string(name);
        NativeMemory to = NativeMemory.string(target)) {
      Syscalls.call(
          "symlink " + name, Syscall.SYMLINKAT, to.address(), parent, text.address(), 0, 0, 0);
    }
  }

  /** A hard link to an entry of this very layer. */
  void hardLink(int parent, String name, String target) {
    String cleaned = clean(target);
    int slash = cleaned.lastIndexOf('/');
    String above = slash < 0 ? "" : cleaned.substring(0, slash);
    try (Fd directory = above.isEmpty() ? null : openDirectory(above);
        NativeMemory from = NativeMemory.string(name(cleaned));
        NativeMemory to = NativeMemory.string(name)) {
      Syscalls.call(
          "link " + name + " to " + cleaned,
          Syscall.LINKAT,
          directory == null ? root.number() : directory.number(),
          from.address(),
          parent,
          to.address(),
          0,
          0);
    }
  }

  void node(int parent, String name, int mode, int major, int minor) {
    long device = (minor & 0xffL) | ((long) major << 8) | ((minor & ~0xffL) << 12);
    try (NativeMemory text = NativeMemory.string(name)) {
      Syscalls.call("mknod " + name, Syscall.MKNODAT, parent, text.address(), mode, device, 0, 0);
    }
  }

  void owner(int parent, String name, long uid, long gid) {
    try (NativeMemory text = NativeMemory.string(name)) {
      Syscalls.call(
          "chown " + name,
          Syscall.FCHOWNAT,
          parent,
          text.address(),
          uid,
          gid,
          AT_SYMLINK_NOFOLLOW,
          0);
    }
  }

  /** Not for symlinks, which have no mode. */
  void mode(int parent, String name, int mode) {
    try (NativeMemory text = NativeMemory.string(name)) {
      Syscalls.call("chmod " + name, Syscall.FCHMODAT, parent, text.address(), mode, 0, 0, 0);
    }
  }

  void times(int parent, String name, long seconds, long nanos) {
    try (NativeMemory text = NativeMemory.string(name);
        NativeMemory times = NativeMemory.allocate(32)) {
      times.setLong(0, seconds).setLong(8, nanos).setLong(16, seconds).setLong(24, nanos);
      Syscalls.call(
          "utimensat " + name,
          Syscall.UTIMENSAT,
          parent,
          text.address(),
          times.address(),
          AT_SYMLINK_NOFOLLOW,
          0,
          0);
    }
  }

  void attribute(int parent, String name, String key, byte[] value) {
    try (NativeMemory path = NativeMemory.string("/proc/self/fd/" + parent + "/" + name);
        NativeMemory text = NativeMemory.string(key);
        NativeMemory bytes = NativeMemory.of(value)) {
      Syscalls.call(
          "setxattr " + key + " of " + name,
          Syscall.LSETXATTR,
          path.address(),
          text.address(),
          bytes.address(),
          value.length,
          0,
          0);
    }
  }

  /** Removes an entry of any kind, with what is below it; none being there is not an error. */
  void remove(int parent, String name) {
    try (NativeMemory text = NativeMemory.string(name)) {
      long result = Syscalls.raw(Syscall.UNLINKAT, parent, text.address(), 0, 0, 0, 0);
      if (result == 0 || result == -Errno.ENOENT) {
        return;
      }
      if (result != -Errno.EISDIR) {
        throw new LinuxException("unlink " + name, (int) -result);
      }
      forgetParentOf(name);
      try (Fd directory = Syscalls.openAt(parent, name, O_DIRECTORY | O_NOFOLLOW, 0);
          var children = java.nio.file.Files.newDirectoryStream(directory.path())) {
        for (Path child : children) {
          remove(directory.number(), child.getFileName().toString());
        }
      } catch (java.io.IOException e) {
        throw EngineException.internal(
            "cannot remove " + name + " from the layer: " + e.getMessage(), e);
      }
      Syscalls.call(
          "rmdir " + name, Syscall.UNLINKAT, parent, text.address(), AT_REMOVEDIR, 0, 0, 0);
    }
  }

  private void forgetParentOf(String removed) {
    if (last != null
        && (lastParent.equals(removed)
            || lastParent.startsWith(removed + "/")
            || lastParent.contains("/" + removed))) {
      lastParent =
          "\0"; // matches nothing; the descriptor stays open for the caller that holds its number
    }
  }

  @Override
  public void close() {
    forgetParent();
    root.close();
  }
}
