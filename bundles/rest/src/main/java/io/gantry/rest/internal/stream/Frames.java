// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.stream;

import io.gantry.api.stream.StreamType;
import java.nio.ByteBuffer;

/** Docker's frames: stream number, three zero bytes, length in network order, payload. */
public final class Frames {
  public static final int HEADER_SIZE = 8;

  private Frames() {}

  static ByteBuffer header(StreamType stream, int length) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_SIZE);
    putHeader(header, stream, length);
    return header.flip();
  }

  public static void putHeader(ByteBuffer out, StreamType stream, int length) {
    out.put((byte) stream.wireNumber()).put((byte) 0).putShort((short) 0).putInt(length);
  }
}
