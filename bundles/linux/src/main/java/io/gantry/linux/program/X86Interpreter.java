// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.program;

import io.gantry.linux.Syscall;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * The interpreter for x86-64. r12 holds the address of the current operation: its number at 0,
 * arguments at 8 to 48, storeTo at 56, storeWidth at 64, four ignored errnos at 72, branchIfZero at
 * 80, four handlers at 88.
 */
final class X86Interpreter implements Interpreter {
  private static final int EM_X86_64 = 62;

  @Override
  public int machine() {
    return EM_X86_64;
  }

  @Override
  public int number(Syscall call) {
    return call.numberOnX86();
  }

  @Override
  public byte[] code(int statusFd) {
    Assembler a = new Assembler();
    a.bytes(0x49, 0xbc).word64(SyscallProgram.OPERATIONS); // mov r12, OPERATIONS
    a.label("loop");
    a.bytes(0x49, 0x8b, 0x04, 0x24); // mov rax, [r12]
    a.bytes(0x49, 0x8b, 0x7c, 0x24, 8); // mov rdi, [r12+8]
    a.bytes(0x49, 0x8b, 0x74, 0x24, 16); // mov rsi, [r12+16]
    a.bytes(0x49, 0x8b, 0x54, 0x24, 24); // mov rdx, [r12+24]
    a.bytes(0x4d, 0x8b, 0x54, 0x24, 32); // mov r10, [r12+32]
    a.bytes(0x4d, 0x8b, 0x44, 0x24, 40); // mov r8, [r12+40]
    a.bytes(0x4d, 0x8b, 0x4c, 0x24, 48); // mov r9, [r12+48]
    a.bytes(0x0f, 0x05); // syscall
    a.bytes(0x48, 0x3d).word32(-4095); // cmp rax, -4095
    a.jump(0x73, "error"); // jae
    a.bytes(0x49, 0x8b, 0x4c, 0x24, 56); // mov rcx, [r12+56]
    a.bytes(0x48, 0x85, 0xc9); // test rcx, rcx
    a.jump(0x74, "stored"); // jz
    a.bytes(0x41, 0x80, 0x7c, 0x24, 64, 4); // cmp byte [r12+64], 4
    a.jump(0x74, "narrow"); // je
    a.bytes(0x48, 0x89, 0x01); // mov [rcx], rax
    a.jump(0xeb, "stored");
    a.label("narrow");
    a.bytes(0x89, 0x01); // mov [rcx], eax
    a.label("stored");
    a.bytes(0x49, 0x8b, 0x4c, 0x24, 80); // mov rcx, [r12+80]
    a.bytes(0x48, 0x85, 0xc9); // test rcx, rcx
    a.jump(0x74, "next");
    a.bytes(0x48, 0x85, 0xc0); // test rax, rax
    a.jump(0x75, "next"); // jnz
    a.bytes(0x49, 0x89, 0xcc); // mov r12, rcx
    a.jump(0xeb, "loop");
    a.label("next");
    a.bytes(0x49, 0x81, 0xc4).word32(SyscallProgram.OPERATION_BYTES); // add r12, 128
    a.jump(0xeb, "loop");
    a.label("error");
    a.bytes(0x48, 0xf7, 0xd8); // neg rax
    for (int i = 0; i < Operation.IGNORED_MAX; i++) {
      a.bytes(0x66, 0x41, 0x3b, 0x44, 0x24, 72 + 2 * i); // cmp ax, [r12+72+2i]
      a.jump(0x75, "not" + i); // jne
      a.bytes(0x49, 0x8b, 0x4c, 0x24, 88 + 8 * i); // mov rcx, [r12+88+8i]
      a.jump(0xeb, "ignored");
      a.label("not" + i);
    }
    a.bytes(0x50); // push rax
    a.bytes(0x41, 0x54); // push r12
    a.bytes(0xbf).word32(statusFd); // mov edi, statusFd
    a.bytes(0x48, 0x89, 0xe6); // mov rsi, rsp
    a.bytes(0xba).word32(16); // mov edx, 16
    a.bytes(0xb8).word32(1); // mov eax, write
    a.bytes(0x0f, 0x05);
    a.bytes(0xbf).word32(127); // mov edi, 127
    a.bytes(0xb8).word32(231); // mov eax, exit_group
    a.bytes(0x0f, 0x05);
    a.label("ignored");
    a.bytes(0x48, 0x85, 0xc9); // test rcx, rcx
    a.nearJump("next", 0x0f, 0x84); // jz
    a.bytes(0x49, 0x89, 0xcc); // mov r12, rcx
    a.nearJump("loop", 0xe9); // jmp
    return a.assemble();
  }

  /** Bytes with jumps to labels. */
  private static final class Assembler {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<Integer, String> jumps = new HashMap<>();
    private final Map<Integer, String> nearJumps = new HashMap<>();

    Assembler bytes(int... values) {
      for (int value : values) {
        out.write(value);
      }
      return this;
    }

    void word32(int value) {
      bytes(value, value >> 8, value >> 16, value >> 24);
    }

    void word64(long value) {
      word32((int) value);
      word32((int) (value >> 32));
    }

    void label(String name) {
      labels.put(name, out.size());
    }

    void jump(int opcode, String label) {
      bytes(opcode, 0);
      jumps.put(out.size(), label);
    }

    void nearJump(String label, int... opcode) {
      bytes(opcode).word32(0);
      nearJumps.put(out.size(), label);
    }

    byte[] assemble() {
      byte[] code = out.toByteArray();
      nearJumps.forEach(
          (end, label) ->
              ByteBuffer.wrap(code)
                  .order(ByteOrder.LITTLE_ENDIAN)
                  .putInt(end - 4, labels.get(label) - end));
      jumps.forEach(
          (end, label) -> {
            int distance = labels.get(label) - end;
            if (distance < Byte.MIN_VALUE || distance > Byte.MAX_VALUE) {
              throw new IllegalStateException("jump to " + label + " is too far: " + distance);
            }
            code[end - 1] = (byte) distance;
          });
      return code;
    }
  }
}
