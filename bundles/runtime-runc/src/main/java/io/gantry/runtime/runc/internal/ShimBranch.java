// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import static io.gantry.runtime.runc.internal.ShimTable.CLOSE_STDIN;
import static io.gantry.runtime.runc.internal.ShimTable.EXITED;
import static io.gantry.runtime.runc.internal.ShimTable.EXIT_RECORD;
import static io.gantry.runtime.runc.internal.ShimTable.RELEASED;
import static io.gantry.runtime.runc.internal.ShimTable.STATUS;
import static io.gantry.runtime.runc.internal.ShimTable.STDIN;
import static io.gantry.runtime.runc.internal.ShimTable.STDOUT;
import static io.gantry.runtime.runc.internal.ShimTable.TERMINAL_READY;
import static io.gantry.runtime.runc.internal.ShimTable.TERMINAL_TAKEN;

import io.gantry.linux.Errno;
import io.gantry.linux.Syscall;
import io.gantry.linux.program.Operation.Label;
import io.gantry.linux.program.SyscallProgram;

/**
 * What the shim does: begins clean, makes the child, and stays to tell how it ended. All numbers of
 * the table are in use, so the next descriptor that the shim gets, the child's pidfd, has the
 * number {@code tableSize}.
 */
final class ShimBranch {
  private static final int PR_SET_DUMPABLE = 4;
  private static final int PR_SET_NAME = 15;
  private static final int SIG_BLOCK = 0;
  private static final int O_CLOEXEC = 0x80000;
  private static final int P_ALL = 0;
  private static final int WEXITED = 4;
  private static final int CLOCK_REALTIME = 0;
  private static final short POLLIN = 1;

  /**
   * The number under which a child with a terminal offers the master to its shim; free in the
   * child.
   */
  static final int MASTER = ShimTable.STATUS_READ;

  private final SyscallProgram program;
  private final int tableSize;

  ShimBranch(SyscallProgram program, int tableSize) {
    this.program = program;
    this.tableSize = tableSize;
  }

  void begin() {
    program.add("setsid", Syscall.SETSID);
    program.add("close what the JVM leaked", Syscall.CLOSE_RANGE, tableSize, 0xffffffffL, 0);
    program.add("chdir /", Syscall.CHDIR, program.string("/"));
    // Before the clone, so that nothing can ptrace either process before its execve
    // (CVE-2016-9962).
    program.add("prctl dumpable", Syscall.PRCTL, PR_SET_DUMPABLE, 0, 0, 0, 0);
    program.add("prctl name", Syscall.PRCTL, PR_SET_NAME, program.string("gantry-shim"), 0, 0, 0);
  }

  /** The shim once its child is there, to its own end. */
  void supervise(boolean terminal, boolean stdin) {
    program.add("block signals", Syscall.RT_SIGPROCMASK, SIG_BLOCK, program.longs(-1L), 0, 8);
    program.add("close the status pipe", Syscall.CLOSE, STATUS);
    if (terminal) {
      takeTerminal();
    }
    program.add(
        "close what the init needs", Syscall.CLOSE_RANGE, TERMINAL_READY, tableSize - 1L, 0);
    if (stdin && !terminal) {
      waitForCloseStdin();
    }
    tellTheEnd();
  }

  private void takeTerminal() {
    // Either the child has opened its terminal or it has ended; in the latter case there is nothing
    // to take.
    long poll = program.ints(tableSize, POLLIN, TERMINAL_READY, POLLIN);
    program.add("wait for the terminal", Syscall.PPOLL, poll, 2, 0, 0, 0);
    program
        .add("take the terminal", Syscall.PIDFD_GETFD, tableSize, MASTER, 0)
        .storing(program.argumentOfNext(0, 0), 8)
        .ignoring(Errno.ESRCH, Errno.EBADF, Errno.EPERM);
    program.add("keep the terminal", Syscall.DUP3, -1, STDOUT, O_CLOEXEC).ignoring(Errno.EBADF);
    program.add("close the copy", Syscall.CLOSE_RANGE, tableSize + 1L, 0xffffffffL, 0);
    program.add("terminal taken", Syscall.WRITE, TERMINAL_TAKEN, program.longs(1), 8);
  }

  private void waitForCloseStdin() {
    Label ended = new Label();
    long both = program.ints(tableSize, POLLIN, CLOSE_STDIN, POLLIN);
    long event = program.ints(CLOSE_STDIN, POLLIN);
    program.add("wait for the end or for stdin to be closed", Syscall.PPOLL, both, 2, 0, 0, 0);
    program
        .add("is it stdin", Syscall.PPOLL, event, 1, program.longs(0, 0), 0, 0)
        .branchIfZero(ended);
    program.add("close stdin", Syscall.CLOSE, STDIN);
    program.place(ended);
  }

  private void tellTheEnd() {
    long record = program.reserve(ExitRecords.BYTES);
    program.add("wait for the child", Syscall.WAITID, P_ALL, 0, record, WEXITED, 0);
    program.add(
        "time of the end", Syscall.CLOCK_GETTIME, CLOCK_REALTIME, record + ExitRecords.TIME_OFFSET);
    program.add("exit record", Syscall.PWRITE64, EXIT_RECORD, record, ExitRecords.BYTES, 0);
    program.add("tell the end", Syscall.WRITE, EXITED, program.longs(1), 8);
    program.add("wait to be released", Syscall.READ, RELEASED, program.reserve(8), 8);
    program.add("exit", Syscall.EXIT_GROUP, 0);
  }
}
