// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.launcher;

/** The command line or a configuration file cannot be right; the message is what the user reads. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
