// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** One message that the kernel sent. The buffer is reused: a reply is read before the next one. */
final class NetlinkReply {
  private final ByteBuffer buffer;
  private final int start;
  private final int end;

  NetlinkReply(ByteBuffer buffer, int start, int end) {
    this.buffer = buffer;
    this.start = start;
    this.end = end;
  }

  int type() {
    return buffer.getShort(start + 4) & 0xffff;
  }

  int flags() {
    return buffer.getShort(start + 6) & 0xffff;
  }

  int sequence() {
    return buffer.getInt(start + 8);
  }

  int byteAt(int offset) {
    return buffer.get(start + NetlinkMessage.HEADER_BYTES + offset) & 0xff;
  }

  int intAt(int offset) {
    return buffer.getInt(start + NetlinkMessage.HEADER_BYTES + offset);
  }

  boolean hasBody() {
    return end - start > NetlinkMessage.HEADER_BYTES;
  }

  /** The attributes behind a fixed part of so many bytes. */
  Attributes attributes(int fixedBytes) {
    return new Attributes(buffer, start + NetlinkMessage.HEADER_BYTES + fixedBytes, end);
  }

  /** Attributes by type; of a type that comes twice the last one. */
  static final class Attributes {
    private final ByteBuffer buffer;
    private final Map<Integer, int[]> ranges = new HashMap<>();

    private Attributes(ByteBuffer buffer, int from, int to) {
      this.buffer = buffer;
      int at = from;
      while (to - at >= NetlinkMessage.ATTRIBUTE_HEADER_BYTES) {
        int length = buffer.getShort(at) & 0xffff;
        int type = buffer.getShort(at + 2) & Rtnetlink.NLA_TYPE_MASK;
        if (length < NetlinkMessage.ATTRIBUTE_HEADER_BYTES || length > to - at) {
          break;
        }
        ranges.put(type, new int[] {at + NetlinkMessage.ATTRIBUTE_HEADER_BYTES, at + length});
        at += length + 3 & ~3;
      }
    }

    int integer(int type, int absent) {
      int[] range = ranges.get(type);
      return range == null || range[1] - range[0] < Integer.BYTES
          ? absent
          : buffer.getInt(range[0]);
    }

    byte[] bytes(int type) {
      int[] range = ranges.get(type);
      if (range == null) {
        return new byte[0];
      }
      byte[] bytes = new byte[range[1] - range[0]];
      buffer.get(range[0], bytes);
      return bytes;
    }

    String string(int type) {
      byte[] bytes = bytes(type);
      int length = bytes.length;
      while (length > 0 && bytes[length - 1] == 0) {
        length--;
      }
      return new String(bytes, 0, length, UTF_8);
    }

    Attributes nested(int type) {
      int[] range = ranges.getOrDefault(type, new int[] {0, 0});
      return new Attributes(buffer, range[0], range[1]);
    }
  }
}
