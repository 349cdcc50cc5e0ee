// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The one native function behind all system calls, bound directly: no reflection and no boxing on
 * the way.
 */
final class LibC {
  static {
    Native.register(LibC.class, NativeLibrary.getInstance("c"));
  }

  private LibC() {}

  /** syscall(2): returns -1 and leaves the error in {@link Native#getLastError}. */
  static native long syscall(long number, long a, long b, long c, long d, long e, long f);
}
