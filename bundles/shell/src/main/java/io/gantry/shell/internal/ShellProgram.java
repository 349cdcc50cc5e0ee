// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

/** What runs for a client; Karaf's shell, or a fake. */
interface ShellProgram {
  /**
   * Runs to the end, on a thread of its own that is interrupted when the client goes.
   *
   * @return the exit code
   */
  int run(Hello hello, ClientConnection client) throws Exception;
}
