// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.linux.Errno;
import io.gantry.linux.Syscall;
import io.gantry.linux.program.SyscallProgram;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The init's part that builds the file system. It enters the container's root and lets go of the
 * host's before anything else, so that every path after that is resolved within the root, whatever
 * the image has put there: a symlink leads astray within the container at most. Sources on the host
 * come in as descriptors.
 */
final class RootfsBranch {
  private static final int AT_FDCWD = -100;
  private static final int AT_RECURSIVE = 0x8000;
  private static final long MS_BIND = 4096;
  private static final long MS_REC = 16384;
  private static final long MS_PRIVATE = 1 << 18;
  private static final long MS_SLAVE = 1 << 19;
  private static final long MS_RDONLY = 1;
  private static final int MNT_DETACH = 2;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int MOVE_MOUNT_T_SYMLINKS = 0x10;
  private static final int S_IFREG = 0100000;
  private static final int S_IFCHR = 0020000;
  private static final int S_IFBLK = 0060000;
  private static final int S_IFIFO = 0010000;
  private static final int FSCONFIG_SET_FLAG = 0;
  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_CMD_CREATE = 6;
  private static final int CLOEXEC = 1;
  private static final int MOUNT_ATTR_BYTES = 32;
  private static final int O_WRONLY = 1;
  private static final int O_NOFOLLOW = 0x20000;
  private static final Set<String> KERNEL_TREES = Set.of("/proc", "/sys", "/dev");

  /**
   * The lowest number that is free in an init once it has closed what is the shim's: the kernel
   * gives it out next.
   */
  static final int SCRATCH = 4;

  private final SyscallProgram program;
  private final RuntimeSpec spec;
  private final Extras extras;

  RootfsBranch(SyscallProgram program, RuntimeSpec spec, Extras extras) {
    this.program = program;
    this.spec = spec;
    this.extras = extras;
  }

  /**
   * @param root the detached mount of the root file system
   * @param place a directory of the engine's that it is attached to for a moment
   */
  void enter(int root, String place) {
    program.add("mount / slave", Syscall.MOUNT, 0, program.string("/"), 0, MS_REC | MS_SLAVE, 0);
    program.add(
        "attach the root file system",
        Syscall.MOVE_MOUNT,
        root,
        program.string(""),
        AT_FDCWD,
        program.string(place),
        MOVE_MOUNT_F_EMPTY_PATH);
    program.add("enter the root file system", Syscall.FCHDIR, root);
    long here = program.string(".");
    // A copy of a mount that the host shares is shared too, and pivot_root(2) takes no such root.
    boolean slave = spec.linux().rootfsPropagation() != null;
    program.add(
        "take the root file system apart from the host's",
        Syscall.MOUNT,
        0,
        here,
        0,
        MS_REC | (slave ? MS_SLAVE : MS_PRIVATE),
        0);
    program.add("pivot_root", Syscall.PIVOT_ROOT, here, here);
    program.add("umount the host's root", Syscall.UMOUNT2, here, MNT_DETACH);
    program.add("chdir /", Syscall.CHDIR, program.string("/"));
  }

  void mounts(CgroupMounts cgroups) {
    boolean ownDev = false;
    for (RuntimeSpec.Mount mount : spec.mounts()) {
      MountOptions options = MountOptions.parse(mount.type(), mount.options());
      if (options.bind()) {
        bind(mount, options);
      } else if ("cgroup".equals(mount.type())) {
        directory(mount.destination());
        cgroups.mount(this, mount, options);
      } else {
        fileSystem(mount, options);
      }
      if (mount.destination().equals("/dev")) {
        ownDev = !options.bind();
      }
    }
    if (ownDev) {
      devices();
    }
  }

  void bind(RuntimeSpec.Mount mount, MountOptions options) {
    int source = extras.add(BindSources.open(mount.source(), options, mount.destination()));
    if (Files.isDirectory(Path.of(mount.source()))) {
      directory(mount.destination());
    } else {
      file(mount.destination());
    }
    attach(
        "error mounting \""
            + mount.source()
            + "\" to rootfs at \""
            + mount.destination()
            + "\": mount "
            + mount.source()
            + ":"
            + mount.destination(),
        source,
        mount.destination(),
        true);
  }

  /** Attaches a detached mount at a path of the container. */
  SyscallProgram.Adder attach(int mount, String destination) {
    return attach("mount on " + destination, mount, destination, false);
  }

  private SyscallProgram.Adder attach(
      String label, int mount, String destination, boolean throughSymlink) {
    return program.add(
        label,
        Syscall.MOVE_MOUNT,
        mount,
        program.string(""),
        AT_FDCWD,
        program.string(destination),
        MOVE_MOUNT_F_EMPTY_PATH | (throughSymlink ? MOVE_MOUNT_T_SYMLINKS : 0));
  }

  /** Mounts by mount(2), for places that no image can have prepared. */
  void mount(String type, String source, String destination, long flags, String data) {
    program.add(
        "mount " + type + " on " + destination,
        Syscall.MOUNT,
        program.string(source),
        program.string(destination),
        program.string(type),
        flags,
        program.string(data));
  }

  /** mkdir -p. */
  void directory(String path) {
    directory(path, "/");
  }

  /** mkdir -p below a directory that is known to be there. */
  void directory(String path, String there) {
    if (path.equals("/")) {
      return;
    }
    parents(path).stream().filter(p -> p.length() > there.length()).forEach(this::makeDirectory);
    makeDirectory(path);
  }

  private void makeDirectory(String path) {
    program
        .add("mkdir " + path, Syscall.MKDIRAT, AT_FDCWD, program.string(path), 0755)
        .ignoring(Errno.EEXIST);
  }

  private void file(String path) {
    parents(path).forEach(this::makeDirectory);
    program
        .add("create " + path, Syscall.MKNODAT, AT_FDCWD, program.string(path), S_IFREG | 0644, 0)
        .ignoring(Errno.EEXIST);
  }

  private static List<String> parents(String path) {
    List<String> parents = new ArrayList<>();
    for (int at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) {
      parents.add(path.substring(0, at));
    }
    return parents;
  }

  /**
   * A new file system. /proc, /sys and /dev are made on a descriptor and attached to the very
   * directory: a symlink in its place, put there by the image, is refused (CVE-2019-19921,
   * CVE-2023-27561).
   */
  private void fileSystem(RuntimeSpec.Mount mount, MountOptions options) {
    String destination = mount.destination();
    directory(destination);
    String source = mount.source() == null ? mount.type() : mount.source();
    if (!KERNEL_TREES.contains(destination)) {
      String data = String.join(",", options.data());
      mount(mount.type(), source, destination, options.mountFlags(), data.isEmpty() ? null : data);
      return;
    }
    String what = mount.type() + " on " + destination;
    program.add("fsopen " + what, Syscall.FSOPEN, program.string(mount.type()), CLOEXEC);
    for (String entry : options.data()) {
      int equals = entry.indexOf('=');
      String key = equals < 0 ? entry : entry.substring(0, equals);
      String value = equals < 0 ? null : entry.substring(equals + 1);
      program.add(
          "fsconfig " + entry + " of " + what,
          Syscall.FSCONFIG,
          SCRATCH,
          value == null ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING,
          program.string(key),
          program.string(value),
          0);
    }
    program.add("create " + what, Syscall.FSCONFIG, SCRATCH, FSCONFIG_CMD_CREATE, 0, 0, 0);
    program.add("fsmount " + what, Syscall.FSMOUNT, SCRATCH, CLOEXEC, options.set());
    attach(SCRATCH + 1, destination);
    program.add("close scratch", Syscall.CLOSE_RANGE, SCRATCH, SCRATCH + 1, 0);
  }

  /** Device nodes and links of /dev, on the tmpfs that was just mounted there. */
  private void devices() {
    program.add("umask 0", Syscall.UMASK, 0);
    // A device of the spec's comes first: a default one of the same path is then there already.
    List<RuntimeSpec.Device> all = new ArrayList<>(spec.linux().devices());
    all.addAll(DefaultDevices.LIST);
    for (RuntimeSpec.Device device : all) {
      int type =
          switch (device.type()) {
            case "b" -> S_IFBLK;
            case "p" -> S_IFIFO;
            default -> S_IFCHR;
          };
      long number =
          (device.minor() & 0xff) | (device.major() << 8) | ((device.minor() & ~0xffL) << 12);
      parents(device.path()).stream()
          .filter(parent -> !parent.equals("/dev"))
          .forEach(this::makeDirectory);
      program
          .add(
              "mknod " + device.path(),
              Syscall.MKNODAT,
              AT_FDCWD,
              program.string(device.path()),
              type | device.fileMode(),
              number)
          .ignoring(Errno.EEXIST);
      if (device.uid() != 0 || device.gid() != 0) {
        program.add(
            "chown " + device.path(),
            Syscall.FCHOWNAT,
            AT_FDCWD,
            program.string(device.path()),
            device.uid(),
            device.gid(),
            0);
      }
    }
    program.add("umask 022", Syscall.UMASK, 022);
    symlink("/proc/self/fd", "/dev/fd");
    symlink("/proc/self/fd/0", "/dev/stdin");
    symlink("/proc/self/fd/1", "/dev/stdout");
    symlink("/proc/self/fd/2", "/dev/stderr");
    if (Files.exists(Path.of("/proc/kcore"))) {
      symlink("/proc/kcore", "/dev/core");
    }
    symlink("pts/ptmx", "/dev/ptmx");
  }

  void symlink(String target, String path) {
    program
        .add(
            "symlink " + path,
            Syscall.SYMLINKAT,
            program.string(target),
            AT_FDCWD,
            program.string(path))
        .ignoring(Errno.EEXIST);
  }

  /** Sysctls, then what is read-only or hidden, then the root itself. */
  void restrict() {
    spec.linux().sysctl().forEach(this::sysctl);
    for (String path : spec.linux().readonlyPaths()) {
      program
          .add(
              "bind " + path,
              Syscall.MOUNT,
              program.string(path),
              program.string(path),
              0,
              MS_BIND | MS_REC,
              0)
          .ignoring(Errno.ENOENT);
      attributes(
          path,
          MountOptions.RDONLY | MountOptions.NOSUID | MountOptions.NODEV | MountOptions.NOEXEC,
          true);
    }
    for (String path : spec.linux().maskedPaths()) {
      // The first suits files, the second directories. /dev/null is the node that was made above,
      // on our own tmpfs.
      program
          .add(
              "mask " + path,
              Syscall.MOUNT,
              program.string("/dev/null"),
              program.string(path),
              0,
              MS_BIND,
              0)
          .ignoring(Errno.ENOENT, Errno.ENOTDIR);
      program
          .add(
              "mask " + path,
              Syscall.MOUNT,
              program.string("tmpfs"),
              program.string(path),
              program.string("tmpfs"),
              MS_RDONLY,
              0)
          .ignoring(Errno.ENOENT, Errno.ENOTDIR);
    }
    if (spec.root().readonly()) {
      attributes("/", MountOptions.RDONLY, false);
    }
    switch (spec.linux().rootfsPropagation() == null ? "" : spec.linux().rootfsPropagation()) {
      case "shared", "rshared" ->
          program.add("share /", Syscall.MOUNT, 0, program.string("/"), 0, 1 << 20 | MS_REC, 0);
      default -> {
        // stays a slave, or private, as it came from pivot_root
      }
    }
  }

  /**
   * mount_setattr(2) on what is mounted at a path; the path not being there is not an error. A tree
   * is taken out of the host's propagation with it.
   */
  void attributes(String path, long set, boolean recursive) {
    program
        .add(
            "set attributes of " + path,
            Syscall.MOUNT_SETATTR,
            AT_FDCWD,
            program.string(path),
            recursive ? AT_RECURSIVE : 0,
            program.longs(set, 0, recursive ? MS_PRIVATE : 0, 0),
            MOUNT_ATTR_BYTES)
        .ignoring(Errno.ENOENT);
  }

  private void sysctl(String name, String value) {
    String path = "/proc/sys/" + name.replace('.', '/');
    program.add(
        "open " + path, Syscall.OPENAT, AT_FDCWD, program.string(path), O_WRONLY | O_NOFOLLOW, 0);
    program.add(
        "write sysctl " + name,
        Syscall.WRITE,
        SCRATCH,
        program.string(value),
        value.getBytes(StandardCharsets.UTF_8).length);
    program.add("close sysctl", Syscall.CLOSE, SCRATCH);
  }
}
