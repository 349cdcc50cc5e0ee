// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.linux.Errno;
import io.gantry.linux.Syscall;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class SyscallProgramTest {
  private final SyscallProgram program = new SyscallProgram();

  @Test
  void printsInTheMannerOfStrace() {
    Operation.Label end = new Operation.Label();
    program
        .add("make a directory", Syscall.MKDIRAT, -100, program.string("/a"), 0755)
        .ignoring(Errno.EEXIST)
        .handling(Errno.EROFS, end)
        .branchIfZero(end);
    program.place(end);
    program.add("exit", Syscall.EXIT_GROUP, 0).storing(SyscallProgram.DATA, 4);
    assertEquals(
        """
        0: mkdirat(-100, "/a", 493) ignoring EEXIST EROFS: 1 zero: 1  # make a directory
        1: exit_group(0) -> *0x700000  # exit
        """,
        program.toString());
  }

  @Test
  void encodesAnOperationFieldByField() {
    Operation.Label second = new Operation.Label();
    program
        .add("first", Syscall.OPENAT, 1, 2, 3, 4, 5, 6)
        .storing(0x700010, 4)
        .ignoring(Errno.ENOENT)
        .handling(Errno.EPERM, second)
        .branchIfZero(second);
    program.place(second);
    program.add("second", Syscall.CLOSE, 7);
    ByteBuffer out = ByteBuffer.allocate(1024).order(ByteOrder.LITTLE_ENDIAN);
    program.writeOperations(out, Syscall::numberOnX86);
    long secondAt = SyscallProgram.OPERATIONS + SyscallProgram.OPERATION_BYTES;
    long[] expected = {257, 1, 2, 3, 4, 5, 6, 0x700010, 4, 0x10002, secondAt, 0, secondAt, 0, 0, 0};
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], out.getLong(8 * i), "word " + i);
    }
    assertEquals(3, out.getLong(SyscallProgram.OPERATION_BYTES));
    assertEquals(2 * SyscallProgram.OPERATION_BYTES, out.position());
    out.clear();
    program.writeOperations(out, Syscall::numberOnAarch64);
    assertEquals(56, out.getLong(0), "openat on aarch64");
  }

  @Test
  void storesAStringOnceAndAligned() {
    long first = program.string("same");
    long other = program.string("other");
    assertEquals(first, program.string("same"));
    assertEquals(0, other % 16);
    assertEquals(0, program.string(null));
    assertThrows(IllegalArgumentException.class, () -> program.string("a\0b"));
  }

  @Test
  void growsBeyondItsFirstBuffer() {
    long address = program.bytes(new byte[100_000]);
    assertEquals(SyscallProgram.DATA, address);
    long next = program.longs(42);
    ByteBuffer out = ByteBuffer.allocate(200_000).order(ByteOrder.LITTLE_ENDIAN);
    program.writeData(out);
    assertEquals(42, out.getLong((int) (next - SyscallProgram.DATA)));
  }

  @Test
  void namesTheOperationAtAnAddress() {
    program.add("first", Syscall.CLOSE, 7);
    SyscallProgram.Adder second = program.add("second", Syscall.CLOSE, 8);
    assertEquals("second", program.labelAt(second.argument(0) - 8));
    assertEquals("operation at 0x5", program.labelAt(5));
  }

  @Test
  void refusesWhatItCannotEncode() {
    assertThrows(
        IllegalArgumentException.class,
        () -> program.add("seven", Syscall.CLOSE, 1, 2, 3, 4, 5, 6, 7));
    SyscallProgram.Adder full = program.add("full", Syscall.CLOSE, 1).ignoring(1, 2, 3, 4);
    assertThrows(IllegalArgumentException.class, () -> full.ignoring(5));
    Operation.Label never = new Operation.Label();
    program.add("to nowhere", Syscall.CLOSE, 1).branchIfZero(never);
    assertThrows(
        IllegalStateException.class,
        () -> program.writeOperations(ByteBuffer.allocate(1024), Syscall::number));
    program.place(never);
    assertThrows(IllegalStateException.class, () -> program.place(never));
    assertEquals(List.of("full", "to nowhere"), labels());
  }

  private List<String> labels() {
    return program.operations().stream().map(Operation::label).toList();
  }
}
