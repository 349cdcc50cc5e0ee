// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

import java.util.HexFormat;

/** The text form of a hardware address: {@code 02:42:ac:11:00:02}. */
final class MacAddress {
  private static final HexFormat FORMAT = HexFormat.ofDelimiter(":");

  private MacAddress() {}

  static byte[] parse(String text) {
    byte[] address = FORMAT.parseHex(text);
    if (address.length != 6) {
      throw new IllegalArgumentException(text + " is not a hardware address of 6 bytes");
    }
    return address;
  }

  static String format(byte[] address) {
    return FORMAT.formatHex(address);
  }
}
