// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.RuntimeSpec.DeviceRule;
import io.gantry.linux.Fd;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;

/**
 * Access to devices on cgroup v2: an eBPF program of type BPF_PROG_TYPE_CGROUP_DEVICE (Linux 4.15).
 * The last rule that matches decides, so the program asks in reverse order. Its context is {access
 * << 16 | type, major, minor}.
 */
final class DeviceFilter {
  private static final int BPF_PROG_LOAD = 5;
  private static final int BPF_PROG_ATTACH = 8;
  private static final int BPF_PROG_TYPE_CGROUP_DEVICE = 15;
  private static final int BPF_CGROUP_DEVICE = 6;
  private static final int BPF_F_ALLOW_MULTI = 2;
  private static final int BPF_DEVCG_DEV_BLOCK = 1;
  private static final int BPF_DEVCG_DEV_CHAR = 2;
  private static final int ATTRIBUTE_BYTES = 128;
  private static final int O_DIRECTORY = 0x10000;
  private static final int INSTRUCTION_BYTES = 8;

  private static final int TYPE = 2;
  private static final int ACCESS = 3;
  private static final int MAJOR = 4;
  private static final int MINOR = 5;

  private final ByteBuffer code;

  private DeviceFilter(int rules) {
    code = ByteBuffer.allocate((rules * 8 + 12) * INSTRUCTION_BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  static void attach(Path cgroup, List<DeviceRule> rules) {
    byte[] program = compile(rules);
    try (NativeMemory instructions = NativeMemory.of(program);
        NativeMemory licence = NativeMemory.string("Apache");
        NativeMemory attribute = NativeMemory.allocate(ATTRIBUTE_BYTES);
        Fd directory = Syscalls.open(cgroup.toString(), O_DIRECTORY, 0)) {
      attribute
          .setInt(0, BPF_PROG_TYPE_CGROUP_DEVICE)
          .setInt(4, program.length / INSTRUCTION_BYTES);
      attribute.setLong(8, instructions.address()).setLong(16, licence.address());
      try (Fd loaded =
          new Fd(
              (int)
                  Syscalls.call(
                      "bpf: load the device filter",
                      Syscall.BPF,
                      BPF_PROG_LOAD,
                      attribute.address(),
                      ATTRIBUTE_BYTES,
                      0,
                      0,
                      0))) {
        attribute.setLong(0, 0).setLong(8, 0).setLong(16, 0);
        attribute.setInt(0, directory.number()).setInt(4, loaded.number());
        attribute.setInt(8, BPF_CGROUP_DEVICE).setInt(12, BPF_F_ALLOW_MULTI);
        Syscalls.call(
            "bpf: attach the device filter to " + cgroup,
            Syscall.BPF,
            BPF_PROG_ATTACH,
            attribute.address(),
            ATTRIBUTE_BYTES,
            0,
            0,
            0);
      }
    }
  }

  /** The instructions, 8 bytes each. */
  static byte[] compile(List<DeviceRule> rules) {
    DeviceFilter filter = new DeviceFilter(rules.size());
    filter.load(TYPE, 0);
    filter.put(0x54, TYPE, 0, 0, 0xffff); // and32
    filter.load(ACCESS, 0);
    filter.put(0x74, ACCESS, 0, 0, 16); // rsh32
    filter.load(MAJOR, 4);
    filter.load(MINOR, 8);
    boolean decided = false;
    for (int i = rules.size() - 1; i >= 0 && !decided; i--) {
      filter.rule(rules.get(i));
      // The verifier refuses what cannot be reached: nothing may follow a rule for everything.
      decided = rules.get(i).type().equals("a");
    }
    if (!decided) {
      filter.answer(false);
    }
    byte[] program = new byte[filter.code.position()];
    filter.code.flip().get(program);
    return program;
  }

  private void rule(DeviceRule rule) {
    boolean anyType = rule.type().equals("a");
    boolean someAccess =
        !anyType
            && !(rule.access().contains("r")
                && rule.access().contains("w")
                && rule.access().contains("m"));
    boolean major = !anyType && rule.major() != null && rule.major() >= 0;
    boolean minor = !anyType && rule.minor() != null && rule.minor() >= 0;
    int toNext = (anyType ? 0 : 1) + (someAccess ? 3 : 0) + (major ? 1 : 0) + (minor ? 1 : 0) + 2;
    int done = 0;
    if (!anyType) {
      done++;
      jumpUnlessEqual(
          TYPE, rule.type().equals("b") ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR, toNext - done);
    }
    if (someAccess) {
      int mask =
          (rule.access().contains("m") ? 1 : 0)
              | (rule.access().contains("r") ? 2 : 0)
              | (rule.access().contains("w") ? 4 : 0);
      put(0xbc, 1, ACCESS, 0, 0); // mov32 r1, access
      put(0x54, 1, 0, 0, mask); // and32 r1, mask
      done += 3;
      put(
          0x5d,
          1,
          ACCESS,
          toNext - done,
          0); // jne r1, access: it asks for more than the rule is about
    }
    if (major) {
      done++;
      jumpUnlessEqual(MAJOR, rule.major().intValue(), toNext - done);
    }
    if (minor) {
      done++;
      jumpUnlessEqual(MINOR, rule.minor().intValue(), toNext - done);
    }
    answer(rule.allow());
  }

  private void load(int register, int offset) {
    put(0x61, register, 1, offset, 0); // ldxw
  }

  private void jumpUnlessEqual(int register, int value, int distance) {
    put(0x55, register, 0, distance, value);
  }

  private void answer(boolean allow) {
    put(0xb4, 0, 0, 0, allow ? 1 : 0); // mov32 r0
    put(0x95, 0, 0, 0, 0); // exit
  }

  private void put(int opcode, int destination, int source, int offset, int immediate) {
    code.put((byte) opcode)
        .put((byte) (source << 4 | destination))
        .putShort((short) offset)
        .putInt(immediate);
  }
}
