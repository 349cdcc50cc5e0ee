// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.program;

import io.gantry.linux.Syscall;

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

  int number(Syscall call);

  /**
   * @throws UnsupportedOperationException on a machine that there is none for
   */
  static Interpreter ofThisMachine() {
    String machine = System.getProperty("os.arch");
    if (!"amd64".equals(machine)) {
      throw new UnsupportedOperationException(
          "system call programs run on x86-64 only, and this machine is " + machine);
    }
    return new X86Interpreter();
  }
}
