// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.stream;

/**
 * The stream of a process that bytes belong to. The wire number is the first byte of Docker's
 * 8-byte frame header.
 */
public enum StreamType {
  STDIN(0),
  STDOUT(1),
  STDERR(2);

  private final int wireNumber;

  StreamType(int wireNumber) {
    this.wireNumber = wireNumber;
  }

  public int wireNumber() {
    return wireNumber;
  }
}
