// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

/** Which bytes are valid UTF-8 (Unicode standard, table 3-7: no surrogates, no overlong forms). */
final class Utf8 {
  private Utf8() {}

  /**
   * The number of bytes of the character that begins at {@code i} with a byte above 0x7f; 0 if none
   * does.
   */
  static int sizeOfCharacter(byte[] text, int i) {
    int lead = text[i] & 0xff;
    int size;
    int low = 0x80;
    int high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
      size = 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
      size = 3;
      low = lead == 0xe0 ? 0xa0 : low;
      high = lead == 0xed ? 0x9f : high;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
      size = 4;
      low = lead == 0xf0 ? 0x90 : low;
      high = lead == 0xf4 ? 0x8f : high;
    } else {
      return 0;
    }
    if (text.length - i < size) {
      return 0;
    }
    int second = text[i + 1] & 0xff;
    if (second < low || second > high) {
      return 0;
    }
    for (int k = 2; k < size; k++) {
      if ((text[i + k] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return size;
  }

  /** Writes a code point and returns the index behind it; a lone surrogate becomes U+FFFD. */
  static int put(int codePoint, byte[] to, int at) {
    int c = codePoint >= 0xd800 && codePoint <= 0xdfff ? 0xfffd : codePoint;
    if (c < 0x80) {
      to[at++] = (byte) c;
    } else if (c < 0x800) {
      to[at++] = (byte) (0xc0 | c >> 6);
      to[at++] = (byte) (0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      to[at++] = (byte) (0xe0 | c >> 12);
      to[at++] = (byte) (0x80 | (c >> 6 & 0x3f));
      to[at++] = (byte) (0x80 | (c & 0x3f));
    } else {
      to[at++] = (byte) (0xf0 | c >> 18);
      to[at++] = (byte) (0x80 | (c >> 12 & 0x3f));
      to[at++] = (byte) (0x80 | (c >> 6 & 0x3f));
      to[at++] = (byte) (0x80 | (c & 0x3f));
    }
    return at;
  }
}
