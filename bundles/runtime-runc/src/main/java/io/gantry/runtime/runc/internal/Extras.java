// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.linux.Fd;
import java.util.ArrayList;
import java.util.List;

/**
 * Descriptors that a program needs beyond the shim's own, with the numbers that they will have
 * there.
 */
final class Extras implements AutoCloseable {
  private final List<Fd> descriptors = new ArrayList<>();

  /** Takes the descriptor over and tells its number in the program. */
  int add(Fd fd) {
    descriptors.add(fd);
    return ShimTable.FIRST_EXTRA + descriptors.size() - 1;
  }

  int tableSize() {
    return ShimTable.FIRST_EXTRA + descriptors.size();
  }

  List<Fd> list() {
    return List.copyOf(descriptors);
  }

  @Override
  public void close() {
    descriptors.forEach(Fd::close);
  }
}
