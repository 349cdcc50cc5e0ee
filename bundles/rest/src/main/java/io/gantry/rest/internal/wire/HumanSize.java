// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Sizes as the progress of docker prints them: four significant digits, powers of 1000. */
final class HumanSize {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  private static final MathContext FOUR_DIGITS = new MathContext(4, RoundingMode.HALF_EVEN);

  private HumanSize() {}

  static String of(long bytes) {
    double size = bytes;
    int unit = 0;
    while (size >= 1000.0 && unit < UNITS.length - 1) {
      size /= 1000.0;
      unit++;
    }
    return new BigDecimal(size).round(FOUR_DIGITS).stripTrailingZeros().toPlainString()
        + UNITS[unit];
  }
}
