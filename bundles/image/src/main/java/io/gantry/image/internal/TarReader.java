// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads a layer's tar as a stream: ustar, PAX and GNU headers, each name and each extended
 * attribute to the byte. A decoder that knows strings only would damage a {@code
 * security.capability}, which is binary.
 */
final class TarReader {
  private static final int BLOCK = 512;

  /** What a header may make us keep in memory. */
  private static final int EXTENDED_BYTES_MAX = 1 << 20;

  private static final String XATTR = "SCHILY.xattr.";

  private final InputStream in;
  private final byte[] header = new byte[BLOCK];
  private final byte[] skipped = new byte[16 * BLOCK];
  private final Map<String, byte[]> global = new HashMap<>();
  private long remaining;
  private long padding;

  TarReader(InputStream in) {
    this.in = in;
  }

  /** Null at the end of the archive. */
  TarEntry next() throws IOException {
    skip(remaining + padding);
    remaining = 0;
    padding = 0;
    Map<String, byte[]> extended = new HashMap<>(global);
    String longName = null;
    String longLink = null;
    while (readHeader()) {
      char type = (char) header[156];
      long size = number(124, 12);
      switch (type) {
        case 'x' -> pax(extended(size), extended);
        case 'g' -> {
          pax(extended(size), global);
          extended.putAll(global);
        }
        case 'L' -> longName = untilZero(extended(size));
        case 'K' -> longLink = untilZero(extended(size));
        default -> {
          return entry(type, size, extended, longName, longLink);
        }
      }
    }
    return null;
  }

  private TarEntry entry(
      char flag, long headerSize, Map<String, byte[]> extended, String longName, String longLink)
      throws IOException {
    if (flag == 'S' || extended.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."))) {
      throw new IOException("sparse entries are not supported; make the layer's tar without them");
    }
    String name = text(extended, "path", longName != null ? longName : ustarName());
    char type = flag == 0 || flag == '7' ? TarEntry.FILE : flag;
    boolean hasContent = type == TarEntry.FILE;
    if (hasContent && name.endsWith("/")) {
      type = TarEntry.DIRECTORY; // tar before ustar had no flag for directories
    }
    long size = decimal(extended, "size", headerSize).longValueExact();
    if (size < 0) {
      throw new IOException("an entry's size is negative: " + name);
    }
    remaining = size;
    padding = (BLOCK - size % BLOCK) % BLOCK;
    if (!hasContent && type <= TarEntry.FIFO) {
      remaining = 0; // ustar: the size of such an entry has no meaning
      padding = 0;
    }
    BigDecimal time = decimal(extended, "mtime", number(136, 12));
    BigDecimal seconds = time.setScale(0, RoundingMode.FLOOR);
    Map<String, byte[]> xattrs = new HashMap<>();
    extended.forEach(
        (key, value) -> {
          if (key.startsWith(XATTR)) {
            xattrs.put(key.substring(XATTR.length()), value);
          }
        });
    boolean device = type == TarEntry.CHARACTER_DEVICE || type == TarEntry.BLOCK_DEVICE;
    return new TarEntry(
        name,
        text(extended, "linkpath", longLink != null ? longLink : field(157, 100)),
        type,
        (int) number(100, 8) & 07777,
        decimal(extended, "uid", number(108, 8)).longValue(),
        decimal(extended, "gid", number(116, 8)).longValue(),
        size,
        seconds.longValue(),
        time.subtract(seconds).movePointRight(9).intValue(),
        device ? (int) number(329, 8) : 0,
        device ? (int) number(337, 8) : 0,
        xattrs);
  }

  /** Reads from the content of the entry at hand; -1 at its end. */
  int read(byte[] buffer) throws IOException {
    if (remaining == 0) {
      return -1;
    }
    int count = in.read(buffer, 0, (int) Math.min(buffer.length, remaining));
    if (count < 0) {
      throw new EOFException("the archive ends within an entry");
    }
    remaining -= count;
    return count;
  }

  private boolean readHeader() throws IOException {
    int count = in.readNBytes(header, 0, BLOCK);
    if (count == 0) {
      return false;
    }
    if (count < BLOCK) {
      throw new EOFException("the archive ends within a header");
    }
    long sum = 0;
    boolean empty = true;
    for (int i = 0; i < BLOCK; i++) {
      empty &= header[i] == 0;
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
    }
    if (empty) {
      return false;
    }
    if (sum != number(148, 8)) {
      throw new IOException("a header's checksum is wrong: this is no tar, or it is damaged");
    }
    return true;
  }

  private byte[] extended(long size) throws IOException {
    if (size < 0 || size > EXTENDED_BYTES_MAX) {
      throw new IOException(
          "an extended header has "
              + size
              + " bytes; more than "
              + EXTENDED_BYTES_MAX
              + " are refused");
    }
    byte[] bytes = in.readNBytes((int) size);
    if (bytes.length < size) {
      throw new EOFException("the archive ends within an extended header");
    }
    skip((BLOCK - size % BLOCK) % BLOCK);
    return bytes;
  }

  /** Records of {@code LENGTH KEY=VALUE\n} (POSIX.1-2001, pax). An empty value takes a key away. */
  private static void pax(byte[] records, Map<String, byte[]> into) throws IOException {
    int at = 0;
    while (at < records.length && records[at] != 0) {
      int space = at;
      int length = 0;
      while (space < records.length && records[space] >= '0' && records[space] <= '9') {
        length = Math.min(length * 10 + records[space++] - '0', EXTENDED_BYTES_MAX + 1);
      }
      int end = at + length;
      int equals = space;
      while (equals < records.length && records[equals] != '=') {
        equals++;
      }
      if (end > records.length || end <= equals + 1 || records[end - 1] != '\n') {
        throw new IOException("an extended header is malformed");
      }
      String key = new String(records, space + 1, equals - space - 1, StandardCharsets.ISO_8859_1);
      byte[] value = java.util.Arrays.copyOfRange(records, equals + 1, end - 1);
      if (value.length == 0 && !key.startsWith(XATTR)) {
        into.remove(key);
      } else {
        into.put(key, value);
      }
      at = end;
    }
  }

  private String ustarName() {
    String name = field(0, 100);
    boolean ustar = field(257, 6).equals("ustar") && header[262] == 0;
    String prefix = ustar ? field(345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private String field(int offset, int length) {
    return untilZero(java.util.Arrays.copyOfRange(header, offset, offset + length));
  }

  private static String untilZero(byte[] bytes) {
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.ISO_8859_1);
  }

  private static String text(Map<String, byte[]> extended, String key, String otherwise)
      throws IOException {
    byte[] value = extended.get(key);
    String text = value == null ? otherwise : new String(value, StandardCharsets.ISO_8859_1);
    if (text.indexOf('\0') >= 0) {
      throw new IOException("a name contains a zero byte");
    }
    return text;
  }

  private static BigDecimal decimal(Map<String, byte[]> extended, String key, long otherwise)
      throws IOException {
    byte[] value = extended.get(key);
    if (value == null) {
      return BigDecimal.valueOf(otherwise);
    }
    String text = new String(value, StandardCharsets.ISO_8859_1);
    if (!text.matches("-?[0-9]{1,19}(\\.[0-9]{0,30})?")) {
      throw new IOException("an extended header's " + key + " is no number");
    }
    return new BigDecimal(text.endsWith(".") ? text + "0" : text);
  }

  /** Octal, or GNU's base 256 for what octal digits cannot say. */
  private long number(int offset, int length) throws IOException {
    if ((header[offset] & 0x80) != 0) {
      long value = (header[offset] & 0x40) != 0 ? -1 : header[offset] & 0x3f;
      for (int i = 1; i < length; i++) {
        value = value << 8 | header[offset + i] & 0xff;
      }
      return value;
    }
    long value = 0;
    for (int i = offset; i < offset + length; i++) {
      byte digit = header[i];
      if (digit >= '0' && digit <= '7') {
        value = value * 8 + digit - '0';
      } else if (digit != ' ' && digit != 0) {
        throw new IOException("a header has a malformed number");
      }
    }
    return value;
  }

  /** By reading: a stream that computes a digest would not see what is skipped. */
  private void skip(long bytes) throws IOException {
    for (long left = bytes; left > 0; ) {
      int count = in.read(skipped, 0, (int) Math.min(skipped.length, left));
      if (count < 0) {
        throw new EOFException("the archive ends within an entry");
      }
      left -= count;
    }
  }
}
