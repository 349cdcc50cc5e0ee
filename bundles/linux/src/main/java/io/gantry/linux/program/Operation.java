// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.program;

import io.gantry.linux.Syscall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * One system call of a program.
 *
 * @param label what it does, for people: {@code mount proc on /proc}
 * @param arguments at most six; addresses are those of the program's data
 * @param storeTo where the result goes, 0 for nowhere
 * @param storeWidth 4 or 8 bytes
 * @param ignored error numbers, at most {@value #IGNORED_MAX}, upon which the program goes on
 * @param handlers where it goes on upon each of {@code ignored}, null for the next operation
 * @param branchIfZero the operation to go on at when the result is 0, null for the next one
 */
public record Operation(
    String label,
    Syscall call,
    List<Long> arguments,
    long storeTo,
    int storeWidth,
    List<Integer> ignored,
    List<Label> handlers,
    Label branchIfZero) {
  static final int IGNORED_MAX = 4;

  public Operation {
    arguments = List.copyOf(arguments);
    ignored = List.copyOf(ignored);
    handlers = Collections.unmodifiableList(new ArrayList<>(handlers));
    if (arguments.size() > 6 || ignored.size() > IGNORED_MAX || handlers.size() != ignored.size()) {
      throw new IllegalArgumentException(label + ": too many arguments or ignored errors");
    }
  }

  /**
   * A place in a program that operations branch to. It is set once, to the operation added next.
   */
  public static final class Label {
    private int index = -1;

    int index() {
      if (index < 0) {
        throw new IllegalStateException("a label was never placed");
      }
      return index;
    }

    void place(int at) {
      if (index >= 0) {
        throw new IllegalStateException("a label was placed twice");
      }
      index = at;
    }
  }
}
