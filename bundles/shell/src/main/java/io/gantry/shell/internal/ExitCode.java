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

  private ExitCode() {}

  static int of(ErrorKind kind) {
    return kind == ErrorKind.NOT_MODIFIED ? 0 : 1;
  }

  static int report(EngineException e, PrintStream err) {
    int code = of(e.kind());
    if (code != 0) {
      err.println("Error: " + e.getMessage());
    }
    return code;
  }
}
