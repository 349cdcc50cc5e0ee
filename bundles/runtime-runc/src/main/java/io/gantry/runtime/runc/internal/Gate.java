// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.linux.Syscall;
import io.gantry.linux.program.Operation.Label;
import io.gantry.linux.program.SyscallProgram;

/**
 * The first thing that a child does: it reads a byte that only the engine can send, after its
 * record is stored. If the engine dies before, the pipe ends and the child with it; it releases its
 * shim first, so that no process is left that nobody knows.
 */
final class Gate {
  private Gate() {}

  static void pass(SyscallProgram program) {
    Label closed = new Label();
    Label open = new Label();
    program.add("gate", Syscall.READ, ShimTable.GATE, program.reserve(8), 1).branchIfZero(closed);
    // ppoll of nothing with no time to wait answers 0: an unconditional branch
    program.add("go on", Syscall.PPOLL, 0, 0, program.longs(0, 0), 0, 0).branchIfZero(open);
    program.place(closed);
    program.add("release the shim", Syscall.WRITE, ShimTable.RELEASED, program.longs(1), 8);
    program.add("end before the beginning", Syscall.EXIT_GROUP, 127);
    program.place(open);
  }
}
