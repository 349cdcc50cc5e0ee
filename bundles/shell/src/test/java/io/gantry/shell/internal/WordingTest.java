// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WordingTest {
  @Test
  void durationsAreRoundedAsTheDockerCliDoes() {
    assertEquals("Less than a second", Wording.duration(Duration.ofMillis(900)));
    assertEquals("1 second", Wording.duration(Duration.ofSeconds(1)));
    assertEquals("59 seconds", Wording.duration(Duration.ofSeconds(59)));
    assertEquals("About a minute", Wording.duration(Duration.ofSeconds(60)));
    assertEquals("59 minutes", Wording.duration(Duration.ofMinutes(59)));
    assertEquals("About an hour", Wording.duration(Duration.ofMinutes(60)));
    assertEquals("47 hours", Wording.duration(Duration.ofHours(47)));
    assertEquals("2 days", Wording.duration(Duration.ofHours(48)));
    assertEquals("2 weeks", Wording.duration(Duration.ofDays(14)));
  }

  @Test
  void sizesHaveThreeDigits() {
    assertEquals("0B", Wording.size(0));
    assertEquals("999B", Wording.size(999));
    assertEquals("2.02MB", Wording.size(2_021_000));
    assertEquals("128MB", Wording.size(128_000_000));
  }

  @Test
  void longCommandsAreCut() {
    assertEquals("\"sh -c true\"", Wording.command("sh", List.of("-c", "true")));
    assertEquals(
        "\"sh -c echo 12345678…\"", Wording.command("sh", List.of("-c", "echo 1234567890")));
  }

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Table table = new Table("A", "NAME");
    table.row("long", "x");
    table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    assertEquals("A      NAME\nlong   x\n", bytes.toString(StandardCharsets.UTF_8));
  }

  record Sample(String text, List<Integer> numbers, Map<String, String> map, Object none) {}

  @Test
  void recordsAreWrittenAsJson() {
    Sample sample = new Sample("a\"\n\u0001", Arrays.asList(1, null), Map.of("k", "v"), null);
    assertEquals(
        "{\n    \"text\": \"a\\\"\\n\\u0001\",\n    \"numbers\": [\n        1,\n        null\n    ],\n"
            + "    \"map\": {\n        \"k\": \"v\"\n    },\n    \"none\": null\n}",
        RecordJson.write(sample));
    assertEquals("[]", RecordJson.write(List.of()));
  }
}
