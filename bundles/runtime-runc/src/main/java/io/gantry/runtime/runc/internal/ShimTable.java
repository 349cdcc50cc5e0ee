// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

/**
 * The descriptors of a shim, by number. 0 to 2 are /dev/null. The shim keeps 4 to 12 for its life;
 * from 13 on they are for the init alone.
 */
final class ShimTable {
  static final int STATUS = 3;
  static final int EXIT_RECORD = 4;
  static final int EXITED = 5;
  static final int RELEASED = 6;
  static final int CLOSE_STDIN = 7;
  static final int STDIN = 8;
  static final int STDOUT = 9;
  static final int STDERR = 10;

  /** The read end of the status pipe, kept for the call that starts what another call created. */
  static final int STATUS_READ = 11;

  static final int START = 12;
  static final int TERMINAL_READY = 13;
  static final int TERMINAL_TAKEN = 14;
  static final int GATE = 15;
  static final int INIT_STDIN = 16;
  static final int INIT_STDOUT = 17;
  static final int INIT_STDERR = 18;
  static final int FIRST_EXTRA = 19;

  private ShimTable() {}
}
