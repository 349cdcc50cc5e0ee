// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.seccomp;

import java.util.List;

/**
 * One action for one system call.
 *
 * @param action SCMP_ACT value with its data
 * @param arguments all must match
 */
public record FilterRule(String syscall, int action, List<Argument> arguments) {
  public FilterRule {
    arguments = List.copyOf(arguments);
  }

  /** A comparison, as struct scmp_arg_cmp; {@code operator} is an SCMP_CMP value. */
  public record Argument(int index, int operator, long first, long second) {}
}
