// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.program;

import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The executable of a program: a static ELF file with the interpreter (readable, executable), and
 * the operations and data (readable, writable), never both; its stack is not executable.
 */
public final class InitImage {
  private static final int HEADER_BYTES = 0x200;
  private static final int PAGE = 0x1000;
  private static final int PF_X = 1;
  private static final int PF_W = 2;
  private static final int PF_R = 4;
  private static final int PT_LOAD = 1;
  private static final int PT_GNU_STACK = 0x6474e551;

  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_EXEC = 0x10; // Linux 6.3
  private static final int F_ADD_SEALS = 1033;
  private static final int ALL_SEALS = 0xf; // SEAL, SHRINK, GROW, WRITE

  private InitImage() {}

  /** The bytes of the ELF file, in a direct buffer. */
  public static ByteBuffer encode(SyscallProgram program, int statusFd) {
    return encode(program, statusFd, Interpreter.ofThisMachine());
  }

  static ByteBuffer encode(SyscallProgram program, int statusFd, Interpreter interpreter) {
    byte[] code = interpreter.code(statusFd);
    int operationsAt = PAGE;
    int dataAt = dataAt(program);
    byte[] labels = program.labels().getBytes(StandardCharsets.UTF_8);
    int labelsAt = dataAt + program.dataBytes();
    ByteBuffer elf =
        ByteBuffer.allocateDirect(labelsAt + labels.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    elf.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    elf.putShort((short) 2).putShort((short) interpreter.machine()).putInt(1);
    elf.putLong(SyscallProgram.CODE + HEADER_BYTES).putLong(64).putLong(0).putInt(0);
    elf.putShort((short) 64).putShort((short) 56).putShort((short) 4).putShort((short) 64);
    elf.putShort((short) 0).putShort((short) 0);
    segment(elf, PF_R | PF_X, 0, SyscallProgram.CODE, HEADER_BYTES + code.length);
    segment(elf, PF_R | PF_W, operationsAt, SyscallProgram.OPERATIONS, program.operationBytes());
    segment(elf, PF_R | PF_W, dataAt, SyscallProgram.DATA, program.dataBytes());
    elf.putInt(PT_GNU_STACK).putInt(PF_R | PF_W);
    elf.putLong(0).putLong(0).putLong(0).putLong(0).putLong(0).putLong(16);
    elf.position(HEADER_BYTES).put(code);
    elf.position(operationsAt);
    program.writeOperations(elf, interpreter::number);
    elf.position(dataAt);
    program.writeData(elf);
    elf.put(labels).putInt(labelsAt);
    return elf.flip();
  }

  /** The offset in the file of an address in the data of a complete program. */
  public static long offset(SyscallProgram program, long address) {
    return dataAt(program) + (address - SyscallProgram.DATA);
  }

  /**
   * The label of the operation at an address, from an image as {@link #encode} made it. Labels lie
   * behind the segments: they are never mapped, and whoever has the process has them.
   */
  public static String labelAt(ByteBuffer elf, long address) {
    ByteBuffer image = elf.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int end = image.limit() - Integer.BYTES;
    int labelsAt = image.getInt(end);
    String[] labels =
        StandardCharsets.UTF_8
            .decode(image.limit(end).position(labelsAt))
            .toString()
            .split("\n", -1);
    long index = (address - SyscallProgram.OPERATIONS) / SyscallProgram.OPERATION_BYTES;
    return index >= 0 && index < labels.length
        ? labels[(int) index]
        : "operation at 0x" + Long.toHexString(address);
  }

  /** The image in a memfd that nobody can change any more. */
  public static Fd seal(ByteBuffer elf) {
    Fd image = memfd();
    try {
      while (elf.hasRemaining()) {
        int written = Syscalls.writeRaw(image.number(), elf);
        if (written < 0) {
          throw new LinuxException("write the init image", -written);
        }
      }
      Syscalls.fcntl(image.number(), F_ADD_SEALS, ALL_SEALS);
      return image;
    } catch (RuntimeException e) {
      image.close();
      throw e;
    }
  }

  private static Fd memfd() {
    int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    try (NativeMemory name = NativeMemory.string("gantry-init")) {
      long fd = Syscalls.raw(Syscall.MEMFD_CREATE, name.address(), flags | MFD_EXEC, 0, 0, 0, 0);
      if (fd == -Errno.EINVAL) {
        fd = Syscalls.raw(Syscall.MEMFD_CREATE, name.address(), flags, 0, 0, 0, 0);
      }
      if (fd < 0) {
        throw new LinuxException("memfd_create", (int) -fd);
      }
      return new Fd((int) fd);
    }
  }

  private static void segment(ByteBuffer elf, int flags, int offset, long address, int bytes) {
    elf.putInt(PT_LOAD).putInt(flags).putLong(offset).putLong(address).putLong(address);
    elf.putLong(bytes).putLong(bytes).putLong(PAGE);
  }

  private static int dataAt(SyscallProgram program) {
    return PAGE + align(program.operationBytes());
  }

  private static int align(int bytes) {
    return (bytes + PAGE - 1) & -PAGE;
  }
}
