// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux;

import java.util.Objects;

/**
 * A system call failed. The message reads as in {@code mount proc on /proc: EPERM (Operation not
 * permitted)}.
 */
public final class LinuxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public LinuxException(String operation, int errno) {
    super(
        Objects.requireNonNull(operation, "operation")
            + ": "
            + Errno.name(errno)
            + " ("
            + Errno.message(errno)
            + ")");
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }
}
