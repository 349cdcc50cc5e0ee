// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.seccomp;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.util.List;

/** Compiles rules to the BPF program that seccomp(2) takes, with libseccomp 2.5. */
public final class SeccompFilter {
  private static final int CTL_OPTIMIZE = 8;
  private static final int ARGUMENT_BYTES = 24;
  private static final int UNKNOWN_SYSCALL = -1;

  static {
    Native.register(SeccompFilter.class, NativeLibrary.getInstance("libseccomp.so.2"));
  }

  private SeccompFilter() {}

  /**
   * @param architectures SCMP_ARCH tokens beside the native one; those that it includes already do
   *     no harm
   * @return struct sock_filter entries, 8 bytes each
   */
  public static byte[] compile(
      int defaultAction, List<Integer> architectures, List<FilterRule> rules) {
    Pointer context = seccomp_init(defaultAction);
    if (context == null) {
      throw new IllegalArgumentException("libseccomp refuses the default action " + defaultAction);
    }
    try {
      for (int architecture : architectures) {
        check("seccomp_arch_add", seccomp_arch_add(context, architecture), -17);
      }
      // A binary tree instead of a list: the default profile has some 400 rules (libseccomp 2.5).
      seccomp_attr_set(context, CTL_OPTIMIZE, 2);
      for (FilterRule rule : rules) {
        add(context, rule);
      }
      return export(context);
    } finally {
      seccomp_release(context);
    }
  }

  private static void add(Pointer context, FilterRule rule) {
    int number = seccomp_syscall_resolve_name(rule.syscall());
    if (number == UNKNOWN_SYSCALL) {
      return; // newer than this libseccomp: it cannot be allowed, and a denied one falls to the
      // default
    }
    int count = rule.arguments().size();
    try (Memory arguments = new Memory(Math.max(1, count) * (long) ARGUMENT_BYTES)) {
      arguments.clear();
      for (int i = 0; i < count; i++) {
        FilterRule.Argument argument = rule.arguments().get(i);
        long at = (long) i * ARGUMENT_BYTES;
        arguments.setInt(at, argument.index());
        arguments.setInt(at + 4, argument.operator());
        arguments.setLong(at + 8, argument.first());
        arguments.setLong(at + 16, argument.second());
      }
      int result = seccomp_rule_add_array(context, rule.action(), number, count, arguments);
      // EACCES: the rule's action is the default one, EEXIST: said before, EDOM: not on one of the
      // architectures
      check("seccomp rule for " + rule.syscall(), result, -13, -17, -33);
    }
  }

  private static byte[] export(Pointer context) {
    try (NativeMemory name = NativeMemory.string("bpf");
        Fd file =
            new Fd(
                (int)
                    Syscalls.call(
                        "memfd_create", Syscall.MEMFD_CREATE, name.address(), 1, 0, 0, 0, 0))) {
      check("seccomp_export_bpf", seccomp_export_bpf(context, file.number()));
      int size = (int) Syscalls.call("lseek", Syscall.LSEEK, file.number(), 0, 2, 0, 0, 0);
      Syscalls.call("lseek", Syscall.LSEEK, file.number(), 0, 0, 0, 0, 0);
      ByteBuffer program = ByteBuffer.allocateDirect(size);
      while (program.hasRemaining() && Syscalls.read(file.number(), program) > 0) {
        // until all is read
      }
      byte[] bytes = new byte[size];
      program.flip().get(bytes);
      return bytes;
    }
  }

  private static void check(String call, int result, int... harmless) {
    if (result >= 0) {
      return;
    }
    for (int value : harmless) {
      if (result == value) {
        return;
      }
    }
    throw new LinuxException(call, -result);
  }

  private static native Pointer seccomp_init(int defaultAction);

  private static native void seccomp_release(Pointer context);

  private static native int seccomp_arch_add(Pointer context, int architecture);

  private static native int seccomp_attr_set(Pointer context, int attribute, int value);

  private static native int seccomp_syscall_resolve_name(String name);

  private static native int seccomp_rule_add_array(
      Pointer context, int action, int syscall, int count, Pointer arguments);

  private static native int seccomp_export_bpf(Pointer context, int fd);
}
