// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Tells gzip and zstd by their magic numbers. */
final class Decompression {
  private static final int BUFFER_BYTES = 256 << 10;

  private Decompression() {}

  static boolean compressed(byte[] head) {
    return gzip(head) || zstd(head);
  }

  /** The stream as it is, or what it holds. */
  static InputStream open(InputStream raw) throws IOException {
    BufferedInputStream in = new BufferedInputStream(raw, BUFFER_BYTES);
    in.mark(4);
    byte[] head = in.readNBytes(4);
    in.reset();
    if (gzip(head)) {
      return new GZIPInputStream(in, BUFFER_BYTES);
    }
    return zstd(head) ? new ZstdInputStream(in) : in;
  }

  private static boolean gzip(byte[] head) {
    return head.length >= 2 && (head[0] & 0xff) == 0x1f && (head[1] & 0xff) == 0x8b;
  }

  private static boolean zstd(byte[] head) {
    return head.length >= 4
        && (head[0] & 0xff) == 0x28
        && (head[1] & 0xff) == 0xb5
        && (head[2] & 0xff) == 0x2f
        && (head[3] & 0xff) == 0xfd;
  }
}
