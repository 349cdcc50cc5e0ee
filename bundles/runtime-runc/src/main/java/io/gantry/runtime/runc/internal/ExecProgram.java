// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.ExecRequest;
import io.gantry.linux.Fd;
import io.gantry.linux.Syscall;
import io.gantry.linux.program.Operation.Label;
import io.gantry.linux.program.SyscallProgram;
import java.util.List;

/**
 * The program of an exec process. The shim stays outside the container: it clones a go-between,
 * which shares its descriptors, joins the namespaces and clones the process with the shim as its
 * parent. So the shim is neither frozen nor killed with the container, and reaps the process
 * itself.
 */
final class ExecProgram {
  static final String JOIN = "join the container";

  private static final long SIGCHLD = 17;
  private static final long CLONE_FILES = 0x400;
  private static final long CLONE_PIDFD = 0x1000;
  private static final long CLONE_PARENT = 0x8000;
  private static final int P_PID = 1;
  private static final int WEXITED = 4;

  private ExecProgram() {}

  /**
   * @param target a pidfd of the container's init
   * @param namespaces flags of the namespaces to join
   */
  static SyscallProgram build(
      ExecRequest request,
      Fd target,
      long namespaces,
      List<Fd> cgroups,
      byte[] seccomp,
      Extras extras) {
    int pidfd = extras.add(target);
    int firstCgroup = extras.tableSize();
    cgroups.forEach(extras::add);
    int tableSize = extras.tableSize();
    SyscallProgram program = new SyscallProgram();
    ShimBranch shim = new ShimBranch(program, tableSize);
    shim.begin();
    Label between = new Label();
    Label process = new Label();
    program
        .add("clone the go-between", Syscall.CLONE, CLONE_FILES | SIGCHLD, 0, 0, 0, 0)
        .storing(program.argumentOfNext(0, 1), 8)
        .branchIfZero(between);
    program.add("wait for the go-between", Syscall.WAITID, P_PID, 0, 0, WEXITED, 0);
    shim.supervise(request.stdio().terminal(), request.stdio().stdin());

    program.place(between);
    long message = program.longs(StatusPipe.PID, 0);
    program.add(JOIN, Syscall.SETNS, pidfd, namespaces);
    program
        .add(
            "clone the process",
            Syscall.CLONE,
            CLONE_PARENT | CLONE_PIDFD | SIGCHLD,
            0,
            program.reserve(8),
            0,
            0)
        .storing(message + 8, 8)
        .branchIfZero(process);
    program.add(
        "report the pid", Syscall.WRITE, ShimTable.STATUS, message, StatusPipe.MESSAGE_BYTES);
    program.add("exit", Syscall.EXIT_GROUP, 0);

    program.place(process);
    program.add("setsid", Syscall.SETSID);
    Gate.pass(program);
    program.add(
        "close what is the shim's",
        Syscall.CLOSE_RANGE,
        ShimTable.EXIT_RECORD,
        ShimTable.STATUS_READ,
        0);
    for (int i = 0; i < cgroups.size(); i++) {
      program.add("join the cgroup", Syscall.WRITE, firstCgroup + i, program.string("0"), 1);
    }
    ProcessBranch branch = new ProcessBranch(program, request.process());
    if (request.stdio().terminal()) {
      branch.terminal(false);
    } else {
      branch.pipes();
    }
    branch.limits();
    branch.confine(seccomp);
    branch.execute();
    return program;
  }
}
