// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;

/** Reads frames on one thread and writes them from any. */
final class FrameChannel {
  /** A command line may be as long as the kernel lets one argument be (MAX_ARG_STRLEN). */
  private static final int MAXIMUM_PAYLOAD = 128 * 1024;

  private static final int HEADER = 5;

  private final ByteChannel channel;
  private final Object writing = new Object();

  FrameChannel(ByteChannel channel) {
    this.channel = channel;
  }

  /** The next frame, or null when the peer has closed between two frames. */
  Frame read() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER);
    if (!fill(header)) {
      return null;
    }
    FrameType type = FrameType.of(header.get(0));
    int length = header.getInt(1);
    if (type == null || length < 0 || length > MAXIMUM_PAYLOAD) {
      throw new IOException("not a frame: type " + header.get(0) + ", length " + length);
    }
    ByteBuffer payload = ByteBuffer.allocate(length);
    if (length > 0 && !fill(payload)) {
      throw new EOFException("the peer closed inside a frame");
    }
    return new Frame(type, payload.array());
  }

  private boolean fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        if (buffer.position() == 0) {
          return false;
        }
        throw new EOFException("the peer closed inside a frame");
      }
    }
    return true;
  }

  void write(FrameType type, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    write(type, bytes, 0, bytes.length);
  }

  void write(FrameType type, byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(HEADER + length);
    frame.put(type.code()).putInt(length).put(bytes, offset, length).flip();
    synchronized (writing) {
      while (frame.hasRemaining()) {
        channel.write(frame);
      }
    }
  }
}
