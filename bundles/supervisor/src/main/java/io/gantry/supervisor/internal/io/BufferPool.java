// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** Buffers outside the heap for what is moved from a spool, used again. */
public final class BufferPool {
  static final int SIZE = 64 * 1024;
  private static final int KEPT = 16;

  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();

  synchronized ByteBuffer take() {
    ByteBuffer buffer = free.poll();
    return buffer == null ? ByteBuffer.allocateDirect(SIZE) : buffer.clear();
  }

  synchronized void giveBack(ByteBuffer buffer) {
    if (free.size() < KEPT) {
      free.push(buffer);
    }
  }
}
