// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.program;

/** The machine code that carries out a program's operations. */
interface Interpreter {
  /**
   * The code, position-dependent, beginning at its entry point.
   *
   * @param statusFd where a failure is reported: the operation's address and the errno, 8 bytes
   *     each
   */
  byte[] code(int statusFd);

  /** The ELF machine number (e_machine). */
  int machine();
}
