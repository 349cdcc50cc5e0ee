// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.CreateRequest;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.RuntimeSpec.NamespaceType;
import io.gantry.linux.Fd;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import io.gantry.linux.program.InitImage;
import io.gantry.linux.program.Operation.Label;
import io.gantry.linux.program.SyscallProgram;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** The program of a container: shim and init. */
final class InitProgram {
  private static final long SIGCHLD = 17;
  private static final long CLONE_PIDFD = 0x1000;
  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_CLOEXEC = 0x80000;
  private static final int O_PATH = 0x200000;
  private static final int AT_FDCWD = -100;

  private final CreateRequest request;
  private final RuntimeSpec spec;
  private final Namespaces namespaces;
  private final Cgroup cgroup;
  private final byte[] seccomp;
  private final Extras extras;
  private final SyscallProgram program = new SyscallProgram();
  private long filterAddress;

  InitProgram(
      CreateRequest request, Namespaces namespaces, Cgroup cgroup, byte[] seccomp, Extras extras) {
    this.request = request;
    this.spec = request.spec();
    this.namespaces = namespaces;
    this.cgroup = cgroup;
    this.seccomp = seccomp;
    this.extras = extras;
  }

  /**
   * The init's branch comes first: the sources it opens decide the size of the table, which the
   * shim must know.
   */
  SyscallProgram build() {
    Label shim = new Label();
    Label init = new Label();
    branch("to the shim", shim);
    program.place(init);
    init();
    program.place(shim);
    shim(init);
    return program;
  }

  /** The seccomp filter's place in the image of the program that was built; empty without one. */
  Optional<ImageSlice> filter() {
    return filterAddress == 0
        ? Optional.empty()
        : Optional.of(new ImageSlice(InitImage.offset(program, filterAddress), seccomp.length));
  }

  private void branch(String label, Label to) {
    // ppoll of nothing with no time to wait answers 0
    program.add(label, Syscall.PPOLL, 0, 0, program.longs(0, 0), 0, 0).branchIfZero(to);
  }

  private void shim(Label init) {
    String pidPath = namespaces.joined().get(NamespaceType.PID);
    int pidNamespace = pidPath == null ? -1 : extras.add(openNamespace(pidPath));
    ShimBranch shim = new ShimBranch(program, extras.tableSize());
    shim.begin();
    if (pidPath != null) {
      program.add("join the pid namespace", Syscall.SETNS, pidNamespace, Namespaces.NEWPID);
    }
    long message = program.longs(StatusPipe.PID, 0);
    long flags = (namespaces.created() & ~Namespaces.NEWCGROUP) | CLONE_PIDFD | SIGCHLD;
    program
        .add("clone the init", Syscall.CLONE, flags, 0, program.reserve(8), 0, 0)
        .storing(message + 8, 8)
        .branchIfZero(init);
    program.add(
        "report the pid", Syscall.WRITE, ShimTable.STATUS, message, StatusPipe.MESSAGE_BYTES);
    shim.supervise(request.stdio().terminal(), request.stdio().stdin());
  }

  private void init() {
    program.add("setsid", Syscall.SETSID);
    Gate.pass(program);
    // Two low numbers stay taken, so that what is opened now leaves them free for the next part.
    program.add(
        "close what is the shim's",
        Syscall.CLOSE_RANGE,
        RootfsBranch.SCRATCH + 2L,
        ShimTable.STATUS_READ,
        0);
    for (String file : cgroup.entranceFiles()) {
      SyscallProgram.Adder open =
          program.add(
              "open " + file,
              Syscall.OPENAT,
              AT_FDCWD,
              program.string(file),
              O_WRONLY | O_CLOEXEC,
              0);
      SyscallProgram.Adder write =
          program.add("join the cgroup", Syscall.WRITE, -1, program.string("0"), 1);
      open.storing(write.argument(0), 8);
    }
    join(NamespaceType.NETWORK);
    join(NamespaceType.IPC);
    join(NamespaceType.UTS);
    join(NamespaceType.CGROUP);
    if ((namespaces.created() & Namespaces.NEWCGROUP) != 0) {
      program.add("unshare the cgroup namespace", Syscall.UNSHARE, Namespaces.NEWCGROUP);
    }
    CgroupMounts cgroups = cgroup.mounts((namespaces.all() & Namespaces.NEWCGROUP) != 0);
    if (spec.mounts().stream().anyMatch(mount -> "cgroup".equals(mount.type()))) {
      cgroups.open(program);
    }
    program.add(
        "free the low numbers",
        Syscall.CLOSE_RANGE,
        RootfsBranch.SCRATCH,
        RootfsBranch.SCRATCH + 1L,
        0);
    RootfsBranch rootfs = new RootfsBranch(program, spec, extras);
    rootfs.enter(extras.add(openRoot()), request.bundle().toString());
    rootfs.mounts(cgroups);
    name(Syscall.SETHOSTNAME, spec.hostname());
    name(Syscall.SETDOMAINNAME, spec.domainname());
    ProcessBranch process = new ProcessBranch(program, spec.process());
    if (request.stdio().terminal()) {
      process.terminal(true);
    } else {
      process.pipes();
    }
    rootfs.directory(spec.process().cwd());
    process.limits();
    rootfs.restrict();
    program.add(
        "tell that it is created",
        Syscall.WRITE,
        ShimTable.STATUS,
        program.longs(StatusPipe.CREATED, 0),
        StatusPipe.MESSAGE_BYTES);
    program.add("wait for the start", Syscall.READ, ShimTable.START, program.reserve(8), 8);
    process.confine(seccomp);
    filterAddress = process.filterAddress();
    process.execute();
  }

  private void join(NamespaceType type) {
    String path = namespaces.joined().get(type);
    if (path != null) {
      program.add(
          "join the namespace " + path,
          Syscall.SETNS,
          extras.add(openNamespace(path)),
          Namespaces.flag(type));
    }
  }

  private void name(Syscall call, String name) {
    if (name != null && !name.isEmpty()) {
      program.add(
          call == Syscall.SETHOSTNAME ? "sethostname" : "setdomainname",
          call,
          program.string(name),
          name.getBytes(StandardCharsets.UTF_8).length);
    }
  }

  private Fd openRoot() {
    String path = spec.root().path();
    if (path.startsWith("/proc/self/fd/")) {
      return Syscalls.open(path, O_PATH, 0);
    }
    return BindSources.open(path, MountOptions.parse("bind", List.of("rbind")), "/");
  }

  private static Fd openNamespace(String path) {
    return Syscalls.open(path, O_RDONLY, 0);
  }
}
