// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import java.io.PrintStream;

/** How a command ends for the process that called it; the one table from error kinds. */
final class ExitCode {
  /** The variable of the session that a command sets when it ends with other than 0. */
  static final String VARIABLE = "gantry.exit";

  /** As the docker CLI's: the engine, not the container, failed. */
  static final int NOT_RUN = 125;

  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;

  private ExitCode() {}

  static int of(ErrorKind kind) {
    return kind == ErrorKind.NOT_MODIFIED ? 0 : 1;
  }

  /** For a program that could not be started in a container, as shells and the docker CLI tell. */
  static int ofStart(String message) {
    if (message.contains("executable file not found")
        || message.contains("no such file or directory")) {
      return NOT_FOUND;
    }
    return message.contains("permission denied") ? NOT_EXECUTABLE : NOT_RUN;
  }

  /**
   * @param chosen what the command chose, or null
   */
  static int report(EngineException e, Object chosen, PrintStream err) {
    int code = chosen instanceof Integer given ? given : of(e.kind());
    if (code != 0) {
      err.println("Error: " + e.getMessage());
    }
    return code;
  }
}
