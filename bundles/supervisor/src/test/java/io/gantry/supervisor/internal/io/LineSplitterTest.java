// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.api.logging.LogEntry;
import io.gantry.api.stream.StreamType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  private final List<LogEntry> entries = new ArrayList<>();
  private final LineSplitter splitter = new LineSplitter(StreamType.STDERR);

  private void feed(String text, long time) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    splitter.feed(bytes, bytes.length, time, entries::add);
  }

  private static String text(LogEntry entry) {
    return new String(entry.line(), StandardCharsets.ISO_8859_1) + (entry.complete() ? "$" : "");
  }

  private List<String> texts() {
    return entries.stream().map(LineSplitterTest::text).toList();
  }

  @Test
  void aLineEndsAtItsLineFeedWhereverTheChunksEnd() {
    feed("one\ntw", 1);
    feed("o\n\nthree", 2);
    assertEquals(List.of("one$", "two$", "$"), texts());
    assertEquals(5, splitter.pending());
    splitter.finish(3, entries::add);
    assertEquals("three", texts().get(3));
    assertEquals(StreamType.STDERR, entries.get(0).stream());
  }

  @Test
  void aLongLineComesInPartsWithOneTime() {
    feed("x".repeat(LineSplitter.MAX_LINE - 1), 1);
    assertEquals(0, entries.size());
    feed("x", 2);
    assertEquals(1, entries.size());
    feed("yz\n", 3);
    feed("next\n", 4);
    assertEquals("yz$", texts().get(1));
    assertEquals(List.of(2L, 2L, 4L), entries.stream().map(LogEntry::timeNanos).toList());
  }

  @Test
  void aLineOfExactlyTheLimitEndsWithAnEmptyPart() {
    feed("x".repeat(LineSplitter.MAX_LINE) + "\n", 1);
    assertEquals(List.of(LineSplitter.MAX_LINE, 1), texts().stream().map(String::length).toList());
  }

  @Test
  void howTheBytesAreChunkedMakesNoDifference() {
    Random random = new Random(7);
    StringBuilder all = new StringBuilder();
    while (all.length() < 300_000) {
      all.append("x".repeat(random.nextInt(4) == 0 ? random.nextInt(50_000) : random.nextInt(90)));
      all.append('\n');
    }
    all.append("rest");
    feed(all.toString(), 1);
    splitter.finish(1, entries::add);
    List<String> atOnce = texts();
    entries.clear();
    for (int at = 0; at < all.length(); ) {
      int end = Math.min(all.length(), at + 1 + random.nextInt(20_000));
      feed(all.substring(at, end), 1);
      at = end;
    }
    splitter.finish(1, entries::add);
    assertEquals(atOnce, texts());
  }
}
