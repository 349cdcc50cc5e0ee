// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import java.io.IOException;
import java.io.InputStream;

/** What a command that joins a process needs of its client's terminal. */
interface ClientTerminal {
  /** The variable of the session that holds it. */
  String VARIABLE = "gantry.terminal";

  InputStream input();

  TerminalSize size();

  /** Called on another thread at each change of size; null for nobody. */
  void onResize(Runnable listener);

  /** Raw: each key goes to the process at once, and nothing is echoed here. */
  void raw(boolean raw) throws IOException;
}
