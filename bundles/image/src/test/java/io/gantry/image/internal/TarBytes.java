// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Writes tars that no honest tool would write. */
final class TarBytes {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  TarBytes file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  TarBytes file(String name, byte[] content) {
    return entry('0', name, "", 0644, content);
  }

  TarBytes directory(String name) {
    return directory(name, 0755);
  }

  TarBytes directory(String name, int mode) {
    return entry('5', name, "", mode, new byte[0]);
  }

  TarBytes symlink(String name, String target) {
    return entry('2', name, target, 0777, new byte[0]);
  }

  TarBytes hardLink(String name, String target) {
    return entry('1', name, target, 0644, new byte[0]);
  }

  TarBytes entry(char type, String name, String link, int mode, byte[] content) {
    return header(type, name, link, mode, Long.toOctalString(content.length)).content(content);
  }

  TarBytes pax(String key, byte[] value) {
    byte[] middle = (" " + key + "=").getBytes(StandardCharsets.ISO_8859_1);
    int length = middle.length + value.length + 1;
    int all = length;
    while (all != length + Integer.toString(all).length()) {
      all = length + Integer.toString(all).length();
    }
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    record.writeBytes(Integer.toString(all).getBytes(StandardCharsets.US_ASCII));
    record.writeBytes(middle);
    record.writeBytes(value);
    record.write('\n');
    return entry('x', "pax", "", 0644, record.toByteArray());
  }

  TarBytes header(char type, String name, String link, int mode, String octalSize) {
    byte[] header = new byte[512];
    put(header, 0, name);
    put(header, 100, String.format("%07o", mode));
    put(header, 108, "0000000");
    put(header, 116, "0000000");
    put(header, 124, octalSize);
    put(header, 136, "07346545000");
    header[156] = (byte) type;
    put(header, 157, link);
    put(header, 257, "ustar");
    put(header, 263, "00");
    long sum = 8 * ' ';
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format("%06o", sum));
    header[155] = ' ';
    out.writeBytes(header);
    return this;
  }

  TarBytes content(byte[] content) {
    out.writeBytes(content);
    out.writeBytes(new byte[(512 - content.length % 512) % 512]);
    return this;
  }

  private static void put(byte[] header, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, header, offset, bytes.length);
  }

  byte[] bytes() {
    byte[] entries = out.toByteArray();
    return java.util.Arrays.copyOf(entries, entries.length + 1024);
  }

  InputStream stream() {
    return new ByteArrayInputStream(bytes());
  }
}
