// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TarReaderTest {
  @Test
  void skipsContentThatNobodyRead() throws IOException {
    TarReader tar =
        new TarReader(new TarBytes().file("a", new byte[1000]).file("b", "second").stream());
    assertEquals("a", tar.next().name());
    TarEntry second = tar.next();
    assertEquals("b", second.name());
    byte[] buffer = new byte[100];
    assertEquals(6, tar.read(buffer));
    assertEquals("second", new String(buffer, 0, 6, StandardCharsets.UTF_8));
    assertEquals(-1, tar.read(buffer));
    assertNull(tar.next());
  }

  @Test
  void keepsAttributesAndNamesToTheByte() throws IOException {
    byte[] binary = {1, 0, 0, 2, (byte) 0x80, 0, (byte) 0xff, '\n', '='};
    byte[] name = {'n', (byte) 0xe9, (byte) 0xff};
    TarEntry entry =
        new TarReader(
                new TarBytes()
                        .pax("SCHILY.xattr.security.capability", binary)
                        .pax("path", name)
                        .pax("mtime", "1.123456789".getBytes(StandardCharsets.US_ASCII))
                        .file("short", "")
                        .stream())
            .next();
    assertArrayEquals(binary, entry.xattrs().get("security.capability"));
    assertArrayEquals(name, entry.name().getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(1, entry.seconds());
    assertEquals(123456789, entry.nanos());
  }

  @Test
  void timesBeforeTheEpochHavePositiveNanoseconds() throws IOException {
    TarEntry entry =
        new TarReader(
                new TarBytes()
                        .pax("mtime", "-1.25".getBytes(StandardCharsets.US_ASCII))
                        .file("f", "")
                        .stream())
            .next();
    assertEquals(-2, entry.seconds());
    assertEquals(750_000_000, entry.nanos());
  }

  @Test
  void anExtendedHeaderCountsForOneEntry() throws IOException {
    TarReader tar =
        new TarReader(
            new TarBytes()
                    .pax("path", "renamed".getBytes(StandardCharsets.US_ASCII))
                    .file("a", "1")
                    .file("b", "2")
                    .stream());
    assertEquals("renamed", tar.next().name());
    assertEquals("b", tar.next().name());
  }

  @Test
  void refusesWhatIsNoTar() {
    assertRefused("checksum", new byte[512 + 1], 1);
    byte[] good = new TarBytes().file("a", "content").bytes();
    good[0] = 'b';
    assertRefused("checksum", good, 0);
  }

  @Test
  void refusesArchivesThatAreCutOff() {
    byte[] good = new TarBytes().file("a", new byte[2000]).bytes();
    for (int length : new int[] {1, 511, 513, 1500, 2511}) {
      IOException failure =
          assertThrows(IOException.class, () -> readAll(Arrays.copyOf(good, length)));
      assertTrue(failure.getMessage().contains("ends within"), failure.getMessage());
    }
  }

  @Test
  void refusesHeadersThatAskForMemory() {
    for (char type : new char[] {'x', 'g', 'L', 'K'}) {
      assertRefused(
          "extended header", new TarBytes().header(type, "n", "", 0, "77777777777").bytes(), 0);
    }
  }

  @Test
  void refusesMalformedExtendedHeaders() {
    for (String text :
        new String[] {
          "99999999999999999999 a=b\n", "5 ab\n", "0 a=b\n", "100 a=b\n", "x", "7 a=bc"
        }) {
      byte[] tar =
          new TarBytes()
              .entry('x', "p", "", 0, text.getBytes(StandardCharsets.US_ASCII))
              .file("f", "")
              .bytes();
      assertRefused("malformed", tar, 0);
    }
    byte[] zero = new TarBytes().pax("path", new byte[] {'a', 0, 'b'}).file("f", "").bytes();
    assertRefused("zero byte", zero, 0);
    byte[] size =
        new TarBytes().pax("size", "-1".getBytes(StandardCharsets.US_ASCII)).file("f", "").bytes();
    assertRefused("negative", size, 0);
  }

  private static void assertRefused(String words, byte[] tar, int poison) {
    tar[tar.length - 1] = (byte) poison;
    if (poison != 0) {
      tar[0] = (byte) poison;
    }
    IOException failure = assertThrows(IOException.class, () -> readAll(tar));
    assertTrue(failure.getMessage().contains(words), failure.getMessage());
  }

  private static void readAll(byte[] bytes) throws IOException {
    TarReader tar = new TarReader(new ByteArrayInputStream(bytes));
    byte[] buffer = new byte[100];
    while (tar.next() != null) {
      while (tar.read(buffer) >= 0) {}
    }
  }
}
