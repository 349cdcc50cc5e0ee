// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import java.io.IOException;
import java.io.OutputStream;

/** Bytes as frames of one type. */
final class FrameOutputStream extends OutputStream {
  private static final int CHUNK = 32 * 1024;

  private final FrameChannel frames;
  private final FrameType type;

  FrameOutputStream(FrameChannel frames, FrameType type) {
    this.frames = frames;
    this.type = type;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    for (int at = 0; at < length; at += CHUNK) {
      frames.write(type, bytes, offset + at, Math.min(CHUNK, length - at));
    }
  }
}
