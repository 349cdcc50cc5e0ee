// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.nftables;

/** The rules were refused, and none of the transaction was applied. */
public final class NftablesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean notFound;

  NftablesException(String message) {
    super(message);
    this.notFound = message.contains("No such file or directory");
  }

  NftablesException(String message, Throwable cause) {
    super(message, cause);
    this.notFound = false;
  }

  /** Whether a table, a chain or a set that was named does not exist. */
  public boolean isNotFound() {
    return notFound;
  }
}
