// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

/**
 * Frames on the shell's socket: one byte of type, four bytes of length (big endian), the payload.
 */
enum FrameType {
  /** Client, first: see {@link Hello}. */
  HELLO('H'),
  /** Client: bytes of stdin. */
  INPUT('I'),
  /** Client: stdin has ended. */
  INPUT_END('E'),
  /** Client: {@code columns NUL rows}. */
  RESIZE('R'),
  /** Server: bytes for stdout. */
  OUTPUT('O'),
  /** Server: bytes for stderr. */
  ERROR('W'),
  /** Server: {@code 1} for a raw terminal, {@code 0} for the one before. */
  RAW('T'),
  /** Server, last: the exit code in decimal. */
  EXIT('X');

  private final byte code;

  FrameType(char code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  /** Null for a byte that is no type. */
  static FrameType of(int code) {
    for (FrameType type : values()) {
      if (type.code == code) {
        return type;
      }
    }
    return null;
  }
}
