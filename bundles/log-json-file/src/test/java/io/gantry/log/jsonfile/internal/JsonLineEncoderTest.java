// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.stream.StreamType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonLineEncoderTest {
  private static final long TIME =
      Instant.parse("2024-11-24T11:54:16Z").getEpochSecond() * 1_000_000_000L;
  private final JsonLineEncoder encoder = new JsonLineEncoder();

  @Test
  void writesALineAsDockerDoes() {
    assertEquals(
        """
        {"log":"hello\\n","stream":"stdout","time":"2024-11-24T11:54:16.123456789Z"}
        """,
        encoded(entry("hello", TIME + 123_456_789, true)));
  }

  @Test
  void leavesOutTrailingZerosOfTheTime() {
    assertEquals(
        """
        {"log":"a\\n","stream":"stdout","time":"2024-11-24T11:54:16.5Z"}
        """,
        encoded(entry("a", TIME + 500_000_000, true)));
    assertEquals(
        """
        {"log":"a\\n","stream":"stdout","time":"2024-11-24T11:54:16Z"}
        """,
        encoded(entry("a", TIME, true)));
    assertEquals(
        """
        {"log":"a\\n","stream":"stdout","time":"2024-11-24T11:54:16.000000001Z"}
        """,
        encoded(entry("a", TIME + 1, true)));
  }

  @Test
  void writesAPartOfALineWithoutLineFeed() {
    assertEquals(
        """
        {"log":"part","stream":"stdout","time":"2024-11-24T11:54:16Z"}
        """,
        encoded(entry("part", TIME, false)));
    assertEquals(
        """
        {"stream":"stdout","time":"2024-11-24T11:54:16Z"}
        """,
        encoded(entry("", TIME, false)));
    assertEquals(
        """
        {"log":"\\n","stream":"stdout","time":"2024-11-24T11:54:16Z"}
        """,
        encoded(entry("", TIME, true)));
  }

  @Test
  void putsAttributesBeforeTheTime() {
    encoder.add(
        new LogEntry(StreamType.STDERR, TIME, "x".getBytes(UTF_8), true),
        "{\"a\":\"b\"}".getBytes(UTF_8));
    assertEquals(
        """
        {"log":"x\\n","stream":"stderr","attrs":{"a":"b"},"time":"2024-11-24T11:54:16Z"}
        """,
        taken());
  }

  @Test
  void escapesWhatGoEscapes() {
    assertEquals(
        "\\\"\\\\\\u003c\\u003e\\u0026\\u0009\\r\\u0000\\u001b/\u007f",
        escaped("\"\\<>&\t\r\0\33/\177"));
    assertEquals("\\u2028\\u2029\u2027é😀", escaped("\u2028\u2029\u2027é😀"));
  }

  @Test
  void replacesEachByteThatIsNotUtf8() {
    assertEquals("\\ufffd", escapedBytes("\u0080"));
    assertEquals("a\\ufffd\\ufffdb", escapedBytes("a\u00c0\u0080b"));
    assertEquals("\\ufffd\\ufffd\\ufffd", escapedBytes("\u00ed\u00a0\u0080"));
    assertEquals("\\ufffd\\ufffd\\ufffd\\ufffd", escapedBytes("\u00f4\u0090\u0080\u0080"));
    assertEquals("\\ufffd\\ufffd", escapedBytes("\u00e2\u0082"));
    assertEquals("\\ufffd(", escapedBytes("\u00e2("));
  }

  /** What dockerd 20.10.24 wrote for a container whose output was these bytes. */
  @Test
  void writesEveryByteAsDockerdDoes() throws IOException {
    byte[] allBytes = new byte[512];
    for (int b = 0; b < 256; b++) {
      allBytes[2 * b] = (byte) b;
      allBytes[2 * b + 1] = 'x';
    }
    int lineFeed = 2 * '\n';
    String unicode =
        "\u00e2\u0080\u00a8\u00e2\u0080\u00a9\u00ed\u00a0\u0080\u00f4\u0090\u0080\u0080"
            + "\u00f0\u009f\u0098\u0080\u00c0\u0080";
    byte[][] lines = {
      Arrays.copyOf(allBytes, lineFeed),
      Arrays.copyOfRange(allBytes, lineFeed + 1, allBytes.length),
      "err".getBytes(UTF_8),
      unicode.getBytes(ISO_8859_1),
      "tail".getBytes(UTF_8)
    };
    byte[] attributes =
        LogAttributes.encode(
            new LogTarget(
                "ff35411c5513" + "0".repeat(52),
                Path.of("/nowhere"),
                Map.of(
                    "labels", "a,b",
                    "env", "FOO",
                    "tag", "{{.Name}}/{{.ID}}/{{.ImageName}}/{{.DaemonName}}"),
                Map.of(
                    "name", "/jlog", "image", "bb", "label:a", "<1>", "label:c", "2", "env:FOO",
                    "b\tar")));
    byte[] golden;
    try (InputStream file = getClass().getResourceAsStream("/dockerd-json.log")) {
      golden = file.readAllBytes();
    }
    JsonLineDecoder decoder = new JsonLineDecoder();
    int start = 0;
    for (byte[] line : lines) {
      int end = start;
      while (golden[end] != '\n') {
        end++;
      }
      LogEntry dockers = decoder.decode(golden, start, end);
      encoder.add(
          new LogEntry(dockers.stream(), dockers.timeNanos(), line, dockers.complete()),
          attributes);
      assertEquals(new String(golden, start, end + 1 - start, UTF_8), taken());
      start = end + 1;
    }
    assertEquals(golden.length, start);
  }

  @Test
  void decodingGivesBackWhatWasEncoded() {
    Random random = new Random(7);
    JsonLineDecoder decoder = new JsonLineDecoder();
    for (int i = 0; i < 2_000; i++) {
      String text =
          random
              .ints(random.nextInt(60), 0, Character.MAX_CODE_POINT + 1)
              .filter(c -> c != '\n' && Character.getType(c) != Character.SURROGATE)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      long time = Math.floorMod(random.nextLong(), 4_000_000_000_000_000_000L);
      boolean complete = random.nextBoolean();
      LogEntry in = new LogEntry(StreamType.STDERR, time, text.getBytes(UTF_8), complete);
      encoder.add(in, "{\"k\":\"}\\\",\",\"n\":[1,{}]}".getBytes(UTF_8));
      LogEntry out = decoder.decode(encoder.buffer(), 0, encoder.length() - 1);
      encoder.clear();
      assertArrayEquals(in.line(), out.line());
      assertEquals(time, out.timeNanos());
      assertEquals(complete, out.complete());
      assertEquals(StreamType.STDERR, out.stream());
    }
  }

  @Test
  void readsEscapesOfOtherWriters() {
    byte[] line =
        "{\"time\":\"2024-11-24T11:54:16Z\",\"log\":\"\\ud83d\\ude00\\ud83dx\\t\\b\\f\\/\\n\"}"
            .getBytes(UTF_8);
    LogEntry entry = new JsonLineDecoder().decode(line, 0, line.length);
    assertEquals("😀\ufffdx\t\b\f/", new String(entry.line(), UTF_8));
    assertEquals(TIME, entry.timeNanos());
  }

  @Test
  void takesDamagedLinesForNone() {
    byte[] line = encoded(entry("hello", TIME + 1, true)).getBytes(UTF_8);
    JsonLineDecoder decoder = new JsonLineDecoder();
    for (int end = 0; end < line.length - 1; end++) {
      assertNull(decoder.decode(line, 0, end), "cut at " + end);
    }
    assertNull(decoder.decode(new byte[100], 0, 100));
  }

  private static LogEntry entry(String text, long time, boolean complete) {
    return new LogEntry(StreamType.STDOUT, time, text.getBytes(UTF_8), complete);
  }

  private String encoded(LogEntry entry) {
    encoder.add(entry, new byte[0]);
    return taken();
  }

  private String taken() {
    String text = new String(encoder.buffer(), 0, encoder.length(), UTF_8);
    encoder.clear();
    return text;
  }

  private static String escaped(String text) {
    return new String(JsonLineEncoder.escaped(text.getBytes(UTF_8)), UTF_8);
  }

  /** Each character is one byte. */
  private static String escapedBytes(String bytes) {
    return new String(JsonLineEncoder.escaped(bytes.getBytes(ISO_8859_1)), UTF_8);
  }
}
