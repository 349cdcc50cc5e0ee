// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.ProcessIdentity;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.ShimDescriptors;
import io.gantry.api.runtime.StdioSpec;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import io.gantry.linux.program.InitImage;
import io.gantry.linux.program.Spawn;
import io.gantry.linux.program.SyscallProgram;
import java.nio.file.Path;
import java.util.List;

/**
 * A shim that was spawned: the engine's ends of its gate and status pipe, for as long as the
 * process it makes is not under way.
 */
final class Shim implements AutoCloseable {
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0x40;
  private static final int O_TRUNC = 0x200;
  private static final int F_SETPIPE_SZ = 1031;
  private static final int PIPE_BYTES = 1 << 20;

  private final int pid;
  private final Fd gate;
  private final Fd status;

  private Shim(int pid, Fd gate, Fd status) {
    this.pid = pid;
    this.gate = gate;
    this.status = status;
  }

  /** Spawns a shim with the program; the extras have been numbered in it. */
  static Shim spawn(
      SyscallProgram program, Extras extras, StdioSpec stdio, Path exitRecord, String name) {
    try (Descriptors own = new Descriptors()) {
      int size = extras.tableSize();
      int[] table = new int[size];
      int none = own.keep(Syscalls.open("/dev/null", O_RDWR, 0));
      java.util.Arrays.fill(table, none);
      Fd[] status = Syscalls.pipe(0);
      own.keep(status[1]);
      Fd[] gate;
      try {
        gate = Syscalls.pipe(0);
      } catch (LinuxException e) {
        status[0].close();
        throw e;
      }
      own.keep(gate[0]);
      try {
        table[ShimTable.STATUS] = status[1].number();
        table[ShimTable.STATUS_READ] = status[0].number();
        table[ShimTable.GATE] = gate[0].number();
        table[ShimTable.EXIT_RECORD] = own.keep(preallocate(exitRecord));
        for (int event :
            List.of(
                ShimTable.EXITED,
                ShimTable.RELEASED,
                ShimTable.CLOSE_STDIN,
                ShimTable.START,
                ShimTable.TERMINAL_READY,
                ShimTable.TERMINAL_TAKEN)) {
          table[event] = own.keep(Syscalls.eventFd(0, 0));
        }
        if (!stdio.terminal()) {
          streams(own, table, stdio);
        }
        for (int i = 0; i < extras.list().size(); i++) {
          table[ShimTable.FIRST_EXTRA + i] = extras.list().get(i).number();
        }
        try (Fd image = InitImage.seal(InitImage.encode(program, ShimTable.STATUS))) {
          int pid = Spawn.spawn(image, List.of("gantry-shim", name), table);
          return new Shim(pid, gate[1], status[0]);
        }
      } catch (RuntimeException e) {
        status[0].close();
        gate[1].close();
        throw e;
      }
    }
  }

  private static void streams(Descriptors own, int[] table, StdioSpec stdio) {
    if (stdio.stdin()) {
      Fd[] stdin = pipe(own, stdio.ownerUid());
      table[ShimTable.INIT_STDIN] = stdin[0].number();
      table[ShimTable.STDIN] = stdin[1].number();
    }
    Fd[] stdout = pipe(own, stdio.ownerUid());
    table[ShimTable.STDOUT] = stdout[0].number();
    table[ShimTable.INIT_STDOUT] = stdout[1].number();
    Fd[] stderr = pipe(own, stdio.ownerUid());
    table[ShimTable.STDERR] = stderr[0].number();
    table[ShimTable.INIT_STDERR] = stderr[1].number();
  }

  private static Fd[] pipe(Descriptors own, int owner) {
    Fd[] pipe = Syscalls.pipe(0);
    own.keep(pipe[0]);
    own.keep(pipe[1]);
    // Large enough that a container goes on for a while when the engine is away; refused above the
    // user's limit.
    Syscalls.raw(Syscall.FCNTL, pipe[0].number(), F_SETPIPE_SZ, PIPE_BYTES, 0, 0, 0);
    if (owner != 0) {
      // so that /dev/stdout can be opened by a container's user
      Syscalls.call("fchown", Syscall.FCHOWN, pipe[0].number(), owner, -1, 0, 0, 0);
      Syscalls.call("fchown", Syscall.FCHOWN, pipe[1].number(), owner, -1, 0, 0, 0);
    }
    return pipe;
  }

  private static Fd preallocate(Path exitRecord) {
    Fd file = Syscalls.open(exitRecord.toString(), O_RDWR | O_CREAT | O_TRUNC, 0600);
    try {
      Syscalls.call(
          "fallocate " + exitRecord,
          Syscall.FALLOCATE,
          file.number(),
          0,
          0,
          ExitRecords.BYTES,
          0,
          0);
      return file;
    } catch (LinuxException e) {
      file.close();
      throw e;
    }
  }

  int pid() {
    return pid;
  }

  /** Lets the child pass its gate. */
  void open() {
    Syscalls.writeLong(gate.number(), 1);
  }

  StatusPipe.Message read() {
    return StatusPipe.read(status.number());
  }

  /** The record of the process whose pid the shim reported. */
  ProcessRecord record(int processPid, StdioSpec stdio, Path exitRecord) {
    int none = ShimDescriptors.NONE;
    boolean terminal = stdio.terminal();
    ShimDescriptors descriptors =
        new ShimDescriptors(
            terminal
                ? (stdio.stdin() ? ShimTable.STDOUT : none)
                : stdio.stdin() ? ShimTable.STDIN : none,
            ShimTable.STDOUT,
            terminal ? none : ShimTable.STDERR,
            ShimTable.EXITED,
            ShimTable.RELEASED,
            ShimTable.CLOSE_STDIN);
    return new ProcessRecord(
        Processes.identity(pid),
        new ProcessIdentity(processPid, Processes.startTime(processPid)),
        terminal,
        descriptors,
        exitRecord);
  }

  @Override
  public void close() {
    gate.close();
    status.close();
  }

  /** Descriptors that are closed here once the child has its copies. */
  private static final class Descriptors implements AutoCloseable {
    private final List<Fd> fds = new java.util.ArrayList<>();

    int keep(Fd fd) {
      fds.add(fd);
      return fd.number();
    }

    @Override
    public void close() {
      fds.forEach(Fd::close);
    }
  }
}
