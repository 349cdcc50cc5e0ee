// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A netlink request while it is being built: header, a fixed part, attributes. Numbers are in the
 * machine's byte order, everything is aligned to four bytes (netlink(7)).
 */
final class NetlinkMessage {
  static final int HEADER_BYTES = 16;
  static final int ATTRIBUTE_HEADER_BYTES = 4;
  private static final int LENGTH_AT = 0;
  private static final int FLAGS_AT = 6;
  private static final int SEQUENCE_AT = 8;

  private final ByteBuffer buffer;

  NetlinkMessage(int type, int flags) {
    buffer = ByteBuffer.allocateDirect(1024).order(ByteOrder.nativeOrder());
    buffer.putInt(0).putShort((short) type).putShort((short) flags).putInt(0).putInt(0);
  }

  /** Appends a {@code struct ifinfomsg}. */
  NetlinkMessage linkHeader(int family, int index, int flags, int change) {
    buffer.put((byte) family).put((byte) 0).putShort((short) 0);
    buffer.putInt(index).putInt(flags).putInt(change);
    return this;
  }

  /** Appends a {@code struct ifaddrmsg}. */
  NetlinkMessage addressHeader(int family, int prefixLength, int index) {
    buffer.put((byte) family).put((byte) prefixLength).put((byte) 0).put((byte) 0).putInt(index);
    return this;
  }

  /** Appends a {@code struct rtmsg}. */
  NetlinkMessage routeHeader(int family, int prefixLength, int scope) {
    buffer.put((byte) family).put((byte) prefixLength).put((byte) 0).put((byte) 0);
    buffer.put((byte) Rtnetlink.RT_TABLE_MAIN).put((byte) Rtnetlink.RTPROT_STATIC);
    buffer.put((byte) scope).put((byte) Rtnetlink.RTN_UNICAST).putInt(0);
    return this;
  }

  /** Appends a {@code struct rtmsg} that asks for all routes of all families. */
  NetlinkMessage allRoutesHeader() {
    buffer.putLong(0).putInt(0);
    return this;
  }

  NetlinkMessage attribute(int type, int value) {
    open(type);
    buffer.putInt(value);
    return close(buffer.position() - Integer.BYTES - ATTRIBUTE_HEADER_BYTES);
  }

  NetlinkMessage attribute(int type, byte value) {
    return attribute(type, new byte[] {value});
  }

  NetlinkMessage attribute(int type, byte[] value) {
    int start = open(type);
    buffer.put(value);
    return close(start);
  }

  NetlinkMessage attribute(int type, String value) {
    int start = open(type);
    buffer.put(value.getBytes(UTF_8)).put((byte) 0);
    return close(start);
  }

  /** Appends an attribute that consists of what {@code content} appends. */
  NetlinkMessage nested(int type, Runnable content) {
    int start = open(type);
    content.run();
    return close(start);
  }

  private int open(int type) {
    int start = buffer.position();
    buffer.putShort((short) 0).putShort((short) type);
    return start;
  }

  private NetlinkMessage close(int start) {
    buffer.putShort(start, (short) (buffer.position() - start));
    while (buffer.position() % 4 != 0) {
      buffer.put((byte) 0);
    }
    return this;
  }

  /** The finished message, from position 0 to the limit. */
  ByteBuffer finish(int sequence, int moreFlags) {
    int flags = buffer.getShort(FLAGS_AT) | Rtnetlink.NLM_F_REQUEST | moreFlags;
    buffer.putInt(LENGTH_AT, buffer.position());
    buffer.putShort(FLAGS_AT, (short) flags);
    buffer.putInt(SEQUENCE_AT, sequence);
    return buffer.flip();
  }
}
