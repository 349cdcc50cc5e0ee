// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.error.EngineException;
import io.gantry.linux.Errno;
import java.util.Locale;

/**
 * What runc says when a container or its program cannot be started; the docker CLI tells exit codes
 * 126 and 127 from it.
 */
final class ExecFailures {
  static final String EXACT = "exec";
  static final String NOT_FOUND = "exec: not found";
  static final String DIRECTORY = "chdir to cwd";

  private ExecFailures() {}

  /**
   * @param label of the failed operation
   * @param file as the user named the program
   */
  static EngineException explain(String prefix, String label, int errno, String file) {
    String quoted = "\"" + file + "\"";
    String text;
    if (label.equals(NOT_FOUND)) {
      text = "exec: " + quoted + ": executable file not found in $PATH";
    } else if (label.equals(EXACT)) {
      text =
          "exec: "
              + quoted
              + ": "
              + (errno == Errno.EACCES ? "" : "stat " + file + ": ")
              + reason(errno);
    } else {
      text = label + ": " + reason(errno);
    }
    String message = prefix + text + ": unknown";
    return switch (errno) {
      case Errno.ENOENT, Errno.EACCES, Errno.ENOTDIR, Errno.ELOOP, Errno.ENAMETOOLONG ->
          EngineException.invalid(message);
      default -> EngineException.internal(message, null);
    };
  }

  static String reason(int errno) {
    return Errno.message(errno).toLowerCase(Locale.ROOT);
  }
}
