// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.ProcessIdentity;
import io.gantry.linux.Fd;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;

/**
 * A part of a shim's sealed image. What exec processes need later, such as the seccomp filter, lies
 * there already: no file has to be written for it, and nobody can change it.
 */
record ImageSlice(long offset, int length) {
  private static final int SEEK_SET = 0;
  private static final int SEEK_END = 2;

  static ImageSlice parse(String text) {
    int colon = text.indexOf(':');
    return new ImageSlice(
        Long.parseLong(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return offset + ":" + length;
  }

  byte[] read(ProcessIdentity shim) {
    ByteBuffer image = image(shim);
    byte[] bytes = new byte[length];
    image.position((int) offset).get(bytes);
    return bytes;
  }

  /** The whole image that a shim runs. */
  static ByteBuffer image(ProcessIdentity shim) {
    try (Fd file = Syscalls.open("/proc/" + shim.pid() + "/exe", 0, 0)) {
      int size = (int) Syscalls.call("lseek", Syscall.LSEEK, file.number(), 0, SEEK_END, 0, 0, 0);
      Syscalls.call("lseek", Syscall.LSEEK, file.number(), 0, SEEK_SET, 0, 0, 0);
      ByteBuffer image = ByteBuffer.allocateDirect(size);
      while (image.hasRemaining() && Syscalls.read(file.number(), image) > 0) {
        // until all is read
      }
      return image.flip();
    }
  }
}
