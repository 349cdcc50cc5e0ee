// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.error.EngineException;
import io.gantry.linux.Errno;
import java.util.Locale;

/**
 * What runc says when the user's program cannot be run; the docker CLI tells exit codes 126 and 127
 * from it.
 */
final class ExecFailures {
  static final String EXACT = "exec";
  static final String FOUND = "exec ";
  static final String NOT_FOUND = "exec: not found";

  private ExecFailures() {}

  /**
   * @param label of the failed operation
   * @param file as the user named the program
   */
  static EngineException explain(String prefix, String label, int errno, String file) {
    String reason = Errno.message(errno).toLowerCase(Locale.ROOT);
    String quoted = "\"" + file + "\"";
    String text;
    if (label.equals(NOT_FOUND)) {
      text = "exec: " + quoted + ": executable file not found in $PATH";
    } else if (label.equals(EXACT)) {
      text =
          switch (errno) {
            case Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP, Errno.ENAMETOOLONG ->
                "exec: " + quoted + ": stat " + file + ": " + reason;
            case Errno.EACCES -> "exec: " + quoted + ": permission denied";
            default -> "exec " + file + ": " + reason;
          };
    } else if (label.startsWith(FOUND + "/") || label.startsWith(FOUND + ".")) {
      text = label + ": " + reason;
    } else {
      text = label + ": " + reason;
    }
    return EngineException.invalid(prefix + text + ": unknown");
  }
}
