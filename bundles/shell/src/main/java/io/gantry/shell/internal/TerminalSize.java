// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

record TerminalSize(int columns, int rows) {
  private static final int MAXIMUM = 65535;
  private static final TerminalSize USUAL = new TerminalSize(80, 24);

  static TerminalSize parse(String columns, String rows) {
    try {
      int width = Integer.parseInt(columns);
      int height = Integer.parseInt(rows);
      boolean known = width > 0 && height > 0 && width <= MAXIMUM && height <= MAXIMUM;
      return known ? new TerminalSize(width, height) : USUAL;
    } catch (NumberFormatException e) {
      return USUAL;
    }
  }
}
