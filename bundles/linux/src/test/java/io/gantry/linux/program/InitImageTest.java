// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images are run for real: that takes no privilege. */
class InitImageTest {
  private static final int STATUS = 3;
  private static final int P_PID = 1;
  private static final int WEXITED = 4;

  private final SyscallProgram program = new SyscallProgram();

  @BeforeEach
  void machine() {
    Assumptions.assumeTrue(
        "amd64".equals(System.getProperty("os.arch")), "the interpreter is for x86-64 only");
  }

  @Test
  void hasSeparateSegmentsAndNoExecutableStack() {
    program.add("exit", Syscall.EXIT_GROUP, 0);
    long text = program.string("text");
    ByteBuffer elf = InitImage.encode(program, STATUS);
    assertEquals(0x464c457f, elf.getInt(0));
    assertEquals(62, elf.getShort(18));
    assertEquals(
        List.of(5, 6, 6, 6), List.of(flags(elf, 0), flags(elf, 1), flags(elf, 2), flags(elf, 3)));
    assertEquals(0x6474e551, elf.getInt(64 + 3 * 56));
    byte[] stored = new byte[4];
    elf.get((int) InitImage.offset(program, text), stored);
    assertEquals("text", new String(stored, StandardCharsets.US_ASCII));
  }

  @Test
  void tellsItsLabels() {
    program.add("first", Syscall.GETPID);
    SyscallProgram.Adder second = program.add("second\nline", Syscall.EXIT_GROUP, 0);
    ByteBuffer elf = InitImage.encode(program, STATUS);
    assertEquals("second line", InitImage.labelAt(elf, second.argument(0) - 8));
    assertEquals("operation at 0x1", InitImage.labelAt(elf, 1));
  }

  private static int flags(ByteBuffer elf, int segment) {
    return elf.getInt(64 + segment * 56 + 4);
  }

  @Test
  void cannotBeChanged() {
    program.add("exit", Syscall.EXIT_GROUP, 0);
    try (Fd image = InitImage.seal(InitImage.encode(program, STATUS));
        NativeMemory byteToWrite = NativeMemory.allocate(1)) {
      LinuxException refused =
          assertThrows(
              LinuxException.class,
              () ->
                  Syscalls.call(
                      "pwrite",
                      Syscall.PWRITE64,
                      image.number(),
                      byteToWrite.address(),
                      1,
                      0,
                      0,
                      0));
      assertEquals(Errno.EPERM, refused.errno());
      assertThrows(
          LinuxException.class,
          () -> Syscalls.call("ftruncate", Syscall.FTRUNCATE, image.number(), 0, 0, 0, 0, 0));
    }
  }

  @Test
  void runsItsOperationsInTurn() {
    program.add("write", Syscall.WRITE, 1, program.string("hello "), 6);
    program.add("write", Syscall.WRITE, 1, program.string("world"), 5);
    program.add("exit", Syscall.EXIT_GROUP, 42);
    assertEquals(new Outcome(42, "hello world", List.of()), run());
  }

  @Test
  void aResultFlowsIntoALaterArgument() {
    SyscallProgram.Adder open =
        program.add("open", Syscall.OPENAT, -100, program.string("/proc/self/comm"), 0, 0);
    long buffer = program.reserve(64);
    SyscallProgram.Adder read = program.add("read", Syscall.READ, -1, buffer, 64);
    open.storing(read.argument(0), 8);
    SyscallProgram.Adder write = program.add("write", Syscall.WRITE, 1, buffer, 0);
    read.storing(write.argument(2), 4);
    program.add("exit", Syscall.EXIT_GROUP, 0);
    Outcome outcome = run();
    assertEquals(0, outcome.code());
    assertEquals("\n", outcome.output().substring(outcome.output().length() - 1));
  }

  @Test
  void aFailureNamesItsOperationAndEndsTheProgram() {
    program.add("fine", Syscall.GETPID);
    program.add("open what is not there", Syscall.OPENAT, -100, program.string("/nope"), 0, 0);
    program.add("write", Syscall.WRITE, 1, program.string("never"), 5);
    assertEquals(new Outcome(127, "", List.of("open what is not there", "ENOENT")), run());
  }

  @Test
  void namedErrorsAreIgnoredOrHandledAndOthersAreNot() {
    Operation.Label handler = new Operation.Label();
    program
        .add("ignored", Syscall.OPENAT, -100, program.string("/nope"), 0, 0)
        .ignoring(Errno.EPERM, Errno.ENOENT);
    program
        .add("handled", Syscall.OPENAT, -100, program.string("/nope"), 0, 0)
        .handling(Errno.EPERM, null)
        .handling(Errno.EACCES, null)
        .handling(Errno.EIO, null)
        .handling(Errno.ENOENT, handler);
    program.add("write", Syscall.WRITE, 1, program.string("never"), 5);
    program.place(handler);
    program.add("write", Syscall.WRITE, 1, program.string("handled"), 7);
    program.add("fatal", Syscall.CLOSE, 999).ignoring(Errno.ENOENT);
    assertEquals(new Outcome(127, "handled", List.of("fatal", "EBADF")), run());
  }

  @Test
  void zeroBranchesAndOtherResultsDoNot() {
    Operation.Label taken = new Operation.Label();
    Operation.Label never = new Operation.Label();
    program.add("a pid is not zero", Syscall.GETPID).branchIfZero(never);
    program
        .add("nothing to poll", Syscall.PPOLL, 0, 0, program.longs(0, 0), 0, 0)
        .branchIfZero(taken);
    program.place(never);
    program.add("exit", Syscall.EXIT_GROUP, 1);
    program.place(taken);
    program.add("exit", Syscall.EXIT_GROUP, 0);
    assertEquals(0, run().code());
  }

  @Test
  void aDescriptorOfTheImageWithinTheTableDoesNoHarm() {
    program.add("exit", Syscall.EXIT_GROUP, 5);
    try (Fd image = InitImage.seal(InitImage.encode(program, STATUS));
        Fd nothing = Syscalls.open("/dev/null", 2, 0)) {
      int[] table = new int[image.number() + 2];
      java.util.Arrays.fill(table, nothing.number());
      assertEquals(5, await(Spawn.spawn(image, List.of("x"), table)));
    }
  }

  private record Outcome(int code, String output, List<String> failure) {}

  private Outcome run() {
    Fd[] output = Syscalls.pipe(0);
    Fd[] status = Syscalls.pipe(0);
    try (Fd image = InitImage.seal(InitImage.encode(program, STATUS));
        Fd out = output[0];
        Fd failed = status[0]) {
      int pid;
      try (Fd childOut = output[1];
          Fd childStatus = status[1]) {
        int[] table = {-1, childOut.number(), -1, childStatus.number()};
        pid = Spawn.spawn(image, List.of("program"), table);
      }
      int code = await(pid);
      String text = StandardCharsets.UTF_8.decode(drain(out)).toString();
      ByteBuffer failure = drain(failed).order(ByteOrder.LITTLE_ENDIAN);
      return new Outcome(
          code,
          text,
          failure.remaining() == 0
              ? List.of()
              : List.of(program.labelAt(failure.getLong(0)), Errno.name((int) failure.getLong(8))));
    }
  }

  private static ByteBuffer drain(Fd fd) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    while (Syscalls.read(fd.number(), buffer) > 0) {
      // until end of file
    }
    return buffer.flip();
  }

  private static int await(int pid) {
    try (NativeMemory info = NativeMemory.allocate(128)) {
      Syscalls.call("waitid", Syscall.WAITID, P_PID, pid, info.address(), WEXITED, 0, 0);
      return info.getInt(24);
    }
  }
}
