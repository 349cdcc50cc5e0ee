// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import java.util.concurrent.ArrayBlockingQueue;

/** A few buffers for reads, so that followers of many logs do not each make one for each call. */
final class ReadBuffers {
  private static final int SIZE = 256 * 1024;

  private final ArrayBlockingQueue<byte[]> idle = new ArrayBlockingQueue<>(4);

  byte[] take() {
    byte[] buffer = idle.poll();
    return buffer != null ? buffer : new byte[SIZE];
  }

  void giveBack(byte[] buffer) {
    if (buffer.length == SIZE) {
      idle.offer(buffer);
    }
  }
}
