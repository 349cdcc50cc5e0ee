// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A client's stdin between the thread that reads frames and the one that wants bytes. The writer
 * waits once much is unread, so that the socket's buffer fills and the client waits.
 */
final class InputQueue extends InputStream {
  private static final int ENOUGH = 64 * 1024;

  private final Deque<byte[]> chunks = new ArrayDeque<>();
  private int offset;
  private int size;
  private boolean ended;
  private boolean closed;

  synchronized void add(byte[] bytes) throws InterruptedException {
    while (size >= ENOUGH && !closed) {
      wait();
    }
    if (bytes.length > 0 && !closed) {
      chunks.add(bytes);
      size += bytes.length;
      notifyAll();
    }
  }

  synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] bytes, int at, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    try {
      while (size == 0 && !ended && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while waiting for input");
    }
    if (size == 0 || closed) {
      return -1;
    }
    byte[] first = chunks.getFirst();
    int count = Math.min(length, first.length - offset);
    System.arraycopy(first, offset, bytes, at, count);
    offset += count;
    size -= count;
    if (offset == first.length) {
      chunks.removeFirst();
      offset = 0;
    }
    notifyAll();
    return count;
  }

  @Override
  public synchronized int available() {
    return size;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
