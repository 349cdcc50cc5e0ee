// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import io.gantry.api.error.EngineException;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tree that a layer is unpacked into, on descriptors: each parent is opened beneath the root
 * with RESOLVE_IN_ROOT, and the last component is never followed, so that no entry of a hostile tar
 * gets outside, whatever symlinks it brings. Names are byte strings, see {@link TarEntry}.
 */
final class LayerTree implements AutoCloseable {
  static final String ROOT = "";

  private static final int O_PATH = 0x200000;
  private static final int O_DIRECTORY = 0x10000;
  private static final int O_NOFOLLOW = 0x20000;
  private static final int O_CLOEXEC = 0x80000;
  private static final int O_WRONLY = 1;
  private static final int O_CREAT = 0x40;
  private static final int O_EXCL = 0x80;
  private static final int RESOLVE_NO_MAGICLINKS = 2;
  private static final int RESOLVE_IN_ROOT = 0x10;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_REMOVEDIR = 0x200;
  private static final int DEFAULT_MODE = 0755;
  private static final int DIRECTORIES_MAX = 64;

  /** PATH_MAX and a zero byte, for each of two names. */
  private static final int NAME_BYTES = 4104;

  private final Fd root;
  private final Map<String, Fd> directories = new HashMap<>();

  /** Descriptors that a caller may still hold; closed when it asks for the next directory. */
  private final List<Fd> retired = new ArrayList<>();

  /** Names, times and the argument of openat2, reused for each call. */
  private final ByteBuffer scratch =
      ByteBuffer.allocateDirect(2 * NAME_BYTES + 32).order(ByteOrder.nativeOrder());

  private final long address = NativeMemory.address(scratch);

  LayerTree(Path directory) {
    root = Syscalls.open(directory.toString(), O_PATH | O_DIRECTORY, 0);
  }

  /**
   * A path below the root without a leading slash, {@code .} and {@code ..}.
   *
   * @throws EngineException INVALID if it leads out of the root
   */
  static String clean(String name) {
    List<String> components = new ArrayList<>();
    for (String component : name.split("/")) {
      if (component.equals("..")) {
        if (components.isEmpty()) {
          throw EngineException.invalid("the layer has an entry outside of its root: " + name);
        }
        components.remove(components.size() - 1);
      } else if (!component.isEmpty() && !component.equals(".")) {
        components.add(component);
      }
    }
    return String.join("/", components);
  }

  static String above(String path) {
    int slash = path.lastIndexOf('/');
    return slash < 0 ? ROOT : path.substring(0, slash);
  }

  static String name(String path) {
    return path.isEmpty() ? "." : path.substring(path.lastIndexOf('/') + 1);
  }

  /**
   * The directory that an entry lies in, made with the default mode where it is missing. The number
   * is valid until the next call.
   */
  int parent(String path) {
    retired.forEach(Fd::close);
    retired.clear();
    return directory(above(path));
  }

  private int directory(String path) {
    if (path.isEmpty()) {
      return root.number();
    }
    Fd known = directories.get(path);
    if (known != null) {
      return known.number();
    }
    int fd = openDirectory(path);
    if (fd == -Errno.ENOENT) {
      makeDirectory(directory(above(path)), name(path), DEFAULT_MODE);
      fd = openDirectory(path);
    }
    if (fd < 0) {
      throw new LinuxException("open the directory " + path, -fd);
    }
    if (directories.size() == DIRECTORIES_MAX) {
      forgetDirectories();
    }
    directories.put(path, new Fd(fd));
    return fd;
  }

  private int openDirectory(String path) {
    int how = 2 * NAME_BYTES;
    scratch.putLong(how, O_PATH | O_DIRECTORY | O_CLOEXEC);
    scratch.putLong(how + 8, 0);
    scratch.putLong(how + 16, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
    return (int) Syscalls.raw(Syscall.OPENAT2, root.number(), first(path), address + how, 24, 0, 0);
  }

  /** What a path leads to may be another directory now. */
  private void forgetDirectories() {
    retired.addAll(directories.values());
    directories.clear();
  }

  private long first(String name) {
    return place(0, name);
  }

  private long second(String name) {
    return place(NAME_BYTES, name);
  }

  private long place(int offset, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    if (bytes.length >= NAME_BYTES) {
      throw new LinuxException("a name of " + bytes.length + " bytes", Errno.ENAMETOOLONG);
    }
    scratch.put(offset, bytes).put(offset + bytes.length, (byte) 0);
    return address + offset;
  }

  /** Makes a directory, or takes one that is there; anything else of that name is removed. */
  void directory(int parent, String name) {
    if (!makeDirectory(parent, name, DEFAULT_MODE) && !isDirectory(parent, name)) {
      remove(parent, name);
      makeDirectory(parent, name, DEFAULT_MODE);
    }
  }

  /** Whether it was not there. */
  private boolean makeDirectory(int parent, String name, int mode) {
    long result = Syscalls.raw(Syscall.MKDIRAT, parent, first(name), mode, 0, 0, 0);
    if (result < 0 && result != -Errno.EEXIST) {
      throw new LinuxException("mkdir " + name, (int) -result);
    }
    return result == 0;
  }

  /** Whether a directory is there, itself and not behind a symlink. */
  private boolean isDirectory(int parent, String name) {
    int flags = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    long fd = Syscalls.raw(Syscall.OPENAT, parent, first(name), flags, 0, 0, 0);
    if (fd >= 0) {
      Syscalls.closeQuietly((int) fd);
    }
    return fd >= 0;
  }

  Fd file(int parent, String name) {
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    return new Fd(
        (int)
            replacing(
                "create " + name,
                parent,
                name,
                () -> Syscalls.raw(Syscall.OPENAT, parent, first(name), flags, 0600, 0, 0)));
  }

  void symbolicLink(int parent, String name, String target) {
    replacing(
        "symlink " + name,
        parent,
        name,
        () -> Syscalls.raw(Syscall.SYMLINKAT, first(target), parent, second(name), 0, 0, 0));
  }

  /** A hard link to an entry of this very layer. */
  void hardLink(int parent, String name, String target) {
    String cleaned = clean(target);
    int from = directory(above(cleaned));
    replacing(
        "link " + name + " to " + cleaned,
        parent,
        name,
        () -> Syscalls.raw(Syscall.LINKAT, from, first(name(cleaned)), parent, second(name), 0, 0));
  }

  void node(int parent, String name, int mode, int major, int minor) {
    long device = (minor & 0xffL) | ((long) major << 8) | ((minor & ~0xffL) << 12);
    replacing(
        "mknod " + name,
        parent,
        name,
        () -> Syscalls.raw(Syscall.MKNODAT, parent, first(name), mode, device, 0, 0));
  }

  private interface Making {
    long call();
  }

  /** Most entries are new: what is in the way is removed only when the kernel says so. */
  private long replacing(String operation, int parent, String name, Making making) {
    long result = making.call();
    if (result == -Errno.EEXIST) {
      remove(parent, name);
      result = making.call();
    }
    if (result < 0) {
      throw new LinuxException(operation, (int) -result);
    }
    return result;
  }

  void owner(int parent, String name, long uid, long gid) {
    Syscalls.call(
        "chown " + name, Syscall.FCHOWNAT, parent, first(name), uid, gid, AT_SYMLINK_NOFOLLOW, 0);
  }

  /** Not for symlinks, which have no mode. */
  void mode(int parent, String name, int mode) {
    Syscalls.call("chmod " + name, Syscall.FCHMODAT, parent, first(name), mode, 0, 0, 0);
  }

  void times(int parent, String name, long seconds, int nanos) {
    int times = 2 * NAME_BYTES;
    scratch.putLong(times, seconds).putLong(times + 8, nanos);
    scratch.putLong(times + 16, seconds).putLong(times + 24, nanos);
    Syscalls.call(
        "utimensat " + name,
        Syscall.UTIMENSAT,
        parent,
        first(name),
        address + times,
        AT_SYMLINK_NOFOLLOW,
        0,
        0);
  }

  /** There is no setxattrat before Linux 6.13; the last component is not followed. */
  void attribute(int parent, String name, String key, byte[] value) {
    try (NativeMemory bytes = NativeMemory.of(value)) {
      Syscalls.call(
          "setxattr " + key + " of " + name,
          Syscall.LSETXATTR,
          first("/proc/self/fd/" + parent + "/" + name),
          second(key),
          bytes.address(),
          value.length,
          0,
          0);
    }
  }

  /** Removes an entry of any kind, with what is below it; none being there is not an error. */
  void remove(int parent, String name) {
    long result = Syscalls.raw(Syscall.UNLINKAT, parent, first(name), 0, 0, 0, 0);
    if (result == -Errno.ENOENT) {
      return;
    }
    forgetDirectories();
    if (result == -Errno.EISDIR) {
      try (Fd directory = children(parent, name)) {
        for (String child : DirectoryNames.of(directory.number())) {
          remove(directory.number(), child);
        }
      }
      result = Syscalls.raw(Syscall.UNLINKAT, parent, first(name), AT_REMOVEDIR, 0, 0, 0);
    }
    if (result < 0) {
      throw new LinuxException("remove " + name, (int) -result);
    }
  }

  /** Removes everything below {@code path} but the paths in {@code kept}. */
  void retain(String path, Set<String> kept) {
    retain(path, directory(above(path)), kept);
    forgetDirectories();
  }

  private void retain(String path, int parent, Set<String> kept) {
    try (Fd directory = children(parent, name(path))) {
      for (String child : DirectoryNames.of(directory.number())) {
        String childPath = path.isEmpty() ? child : path + "/" + child;
        if (!kept.contains(childPath)) {
          remove(directory.number(), child);
        } else if (isDirectory(directory.number(), child)) {
          retain(childPath, directory.number(), kept);
        }
      }
    }
  }

  private Fd children(int parent, String name) {
    int flags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    return new Fd(
        (int) Syscalls.call("open " + name, Syscall.OPENAT, parent, first(name), flags, 0, 0, 0));
  }

  @Override
  public void close() {
    forgetDirectories();
    retired.forEach(Fd::close);
    retired.clear();
    root.close();
  }
}
