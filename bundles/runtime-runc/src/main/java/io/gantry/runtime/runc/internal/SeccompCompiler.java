// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.RuntimeSpec.Seccomp;
import io.gantry.api.runtime.RuntimeSpec.SyscallArgument;
import io.gantry.api.runtime.RuntimeSpec.SyscallRule;
import io.gantry.linux.seccomp.FilterRule;
import io.gantry.linux.seccomp.SeccompFilter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compiles profiles and keeps the last few: most containers share one. */
final class SeccompCompiler {
  private static final int KEPT = 16;
  private static final int EPERM = 1;

  private static final Map<String, Integer> ARCHITECTURES =
      Map.of(
          "SCMP_ARCH_X86_64", 0xc000003e,
          "SCMP_ARCH_X86", 0x40000003,
          "SCMP_ARCH_X32", 0x4000003e,
          "SCMP_ARCH_AARCH64", 0xc00000b7,
          "SCMP_ARCH_ARM", 0x40000028);
  private static final List<String> OPERATORS =
      List.of(
          "",
          "SCMP_CMP_NE",
          "SCMP_CMP_LT",
          "SCMP_CMP_LE",
          "SCMP_CMP_EQ",
          "SCMP_CMP_GE",
          "SCMP_CMP_GT",
          "SCMP_CMP_MASKED_EQ");

  private final Map<Seccomp, byte[]> compiled =
      new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Seccomp, byte[]> eldest) {
          return size() > KEPT;
        }
      };

  /** struct sock_filter entries. */
  synchronized byte[] compile(Seccomp profile) {
    return compiled.computeIfAbsent(profile, SeccompCompiler::build);
  }

  private static byte[] build(Seccomp profile) {
    List<FilterRule> rules = new ArrayList<>();
    for (SyscallRule rule : profile.syscalls()) {
      int action = action(rule.action(), rule.errno());
      List<FilterRule.Argument> arguments =
          rule.args().stream().map(SeccompCompiler::argument).toList();
      for (String name : rule.names()) {
        // Two comparisons of one argument are alternatives in libcontainer: rules of their own.
        if (arguments.stream().map(FilterRule.Argument::index).distinct().count()
            == arguments.size()) {
          rules.add(new FilterRule(name, action, arguments));
        } else {
          arguments.forEach(a -> rules.add(new FilterRule(name, action, List.of(a))));
        }
      }
    }
    List<Integer> architectures =
        profile.architectures().stream()
            .map(ARCHITECTURES::get)
            .filter(java.util.Objects::nonNull)
            .toList();
    return SeccompFilter.compile(
        action(profile.defaultAction(), profile.defaultErrno()), architectures, rules);
  }

  private static FilterRule.Argument argument(SyscallArgument argument) {
    int operator = OPERATORS.indexOf(argument.op());
    if (operator < 1) {
      throw EngineException.invalid("seccomp profile: unknown operator " + argument.op());
    }
    return new FilterRule.Argument(
        argument.index(), operator, argument.value(), argument.valueTwo());
  }

  private static int action(String name, Integer errno) {
    int data = errno == null ? EPERM : errno;
    return switch (name) {
      case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD" -> 0;
      case "SCMP_ACT_KILL_PROCESS" -> 0x80000000;
      case "SCMP_ACT_TRAP" -> 0x00030000;
      case "SCMP_ACT_ERRNO" -> 0x00050000 | data;
      case "SCMP_ACT_TRACE" -> 0x7ff00000 | data;
      case "SCMP_ACT_LOG" -> 0x7ffc0000;
      case "SCMP_ACT_ALLOW" -> 0x7fff0000;
      default -> throw EngineException.invalid("seccomp profile: unknown action " + name);
    };
  }
}
