// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;

/** Network namespaces that stand for the host, so that the real one's network is not touched. */
final class PrivateHost {
  private static final int CLONE_NEWNET = 0x40000000;

  private PrivateHost() {}

  /** Puts the calling thread, and those that it will start, into a new namespace. */
  static void enter() {
    Syscalls.call("unshare", Syscall.UNSHARE, CLONE_NEWNET, 0, 0, 0, 0, 0);
  }
}
