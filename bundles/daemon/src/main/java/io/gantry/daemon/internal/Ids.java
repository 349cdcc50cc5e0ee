// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes the ids of containers, networks, endpoints, exec processes and anonymous volumes. */
public final class Ids {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SHORT = 12;

  private Ids() {}

  /**
   * 64 hexadecimal digits, of which the first 12 are not all decimal: they serve as a host name.
   */
  public static String next() {
    byte[] bytes = new byte[32];
    while (true) {
      RANDOM.nextBytes(bytes);
      String id = HexFormat.of().formatHex(bytes);
      if (id.substring(0, SHORT).chars().anyMatch(c -> c > '9')) {
        return id;
      }
    }
  }

  /** The first 12 digits, without the algorithm of a digest. */
  public static String shorten(String id) {
    String digits = id.substring(id.indexOf(':') + 1);
    return digits.length() > SHORT ? digits.substring(0, SHORT) : digits;
  }
}
