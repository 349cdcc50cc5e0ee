// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** The owner of a descriptor: closes it once. */
public final class Fd implements AutoCloseable {
  private static final int CLOSED = -1;

  private final AtomicInteger number;

  public Fd(int number) {
    if (number < 0) {
      throw new IllegalArgumentException("not a descriptor: " + number);
    }
    this.number = new AtomicInteger(number);
  }

  /**
   * @throws IllegalStateException if it was closed
   */
  public int number() {
    int current = number.get();
    if (current == CLOSED) {
      throw new IllegalStateException("the descriptor is closed");
    }
    return current;
  }

  public boolean open() {
    return number.get() != CLOSED;
  }

  /** A path under which this process can open the same file again. */
  public Path path() {
    return Path.of("/proc/self/fd/" + number());
  }

  /** Hands the descriptor over: the caller closes it now. */
  public int release() {
    return number.getAndSet(CLOSED);
  }

  @Override
  public void close() {
    int current = number.getAndSet(CLOSED);
    if (current != CLOSED) {
      Syscalls.closeQuietly(current);
    }
  }

  @Override
  public String toString() {
    int current = number.get();
    return current == CLOSED ? "closed descriptor" : "descriptor " + current;
  }
}
