// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.api.engine.ContainerState;
import io.gantry.api.engine.ContainerState.Status;
import io.gantry.api.engine.Images.LoadProgress;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Times, sizes, strings and JSON in Go's form. */
class GoFormatsTest {
  private static String answer(String value) {
    return new String(new GoJson().answer(out -> out.value(value)), StandardCharsets.UTF_8);
  }

  private static String streamed(String value) {
    return new String(new GoJson().streamed(out -> out.value(value)), StandardCharsets.UTF_8);
  }

  @Test
  void trailingZerosOfTimesAreCut() {
    assertEquals("0001-01-01T00:00:00Z", GoTime.rfc3339Nano(null));
    assertEquals("2026-01-02T03:04:05Z", GoTime.rfc3339Nano(Instant.parse("2026-01-02T03:04:05Z")));
    assertEquals(
        "2026-01-02T03:04:05.81092414Z",
        GoTime.rfc3339Nano(Instant.parse("2026-01-02T03:04:05.810924140Z")));
    assertEquals("1970-01-01T00:00:01.500000000Z", GoTime.rfc3339NanoFixed(1_500_000_000L));
    assertEquals("1969-12-31T23:59:59.999999999Z", GoTime.rfc3339NanoFixed(-1));
    assertEquals(
        "2026-05-07T21:09:36.000000000+00:00",
        GoTime.buildTime(Instant.parse("2026-05-07T21:09:36Z")));
  }

  @Test
  void durationsAreForPeople() {
    Map<Duration, String> expected =
        Map.ofEntries(
            Map.entry(Duration.ofMillis(999), "Less than a second"),
            Map.entry(Duration.ofMillis(1999), "1 second"),
            Map.entry(Duration.ofSeconds(59), "59 seconds"),
            Map.entry(Duration.ofSeconds(60), "About a minute"),
            Map.entry(Duration.ofSeconds(119), "About a minute"),
            Map.entry(Duration.ofMinutes(2), "2 minutes"),
            Map.entry(Duration.ofMinutes(59), "59 minutes"),
            Map.entry(Duration.ofMinutes(60), "About an hour"),
            Map.entry(Duration.ofMinutes(89), "About an hour"),
            Map.entry(Duration.ofMinutes(90), "2 hours"),
            Map.entry(Duration.ofHours(47), "47 hours"),
            Map.entry(Duration.ofHours(48), "2 days"),
            Map.entry(Duration.ofDays(13), "13 days"),
            Map.entry(Duration.ofDays(14), "2 weeks"),
            Map.entry(Duration.ofDays(59), "8 weeks"),
            Map.entry(Duration.ofDays(60), "2 months"),
            Map.entry(Duration.ofDays(729), "24 months"),
            Map.entry(Duration.ofDays(730), "2 years"));
    expected.forEach((duration, text) -> assertEquals(text, GoTime.human(duration)));
  }

  @Test
  void statesAreSentences() {
    Instant start = Instant.parse("2026-01-01T00:00:00Z");
    Instant now = start.plusSeconds(180);
    assertEquals("Up 3 minutes", sentence(Status.RUNNING, start, null, now));
    assertEquals("Up 3 minutes (Paused)", sentence(Status.PAUSED, start, null, now));
    assertEquals(
        "Restarting (3) 2 minutes ago",
        sentence(Status.RESTARTING, start, start.plusSeconds(60), now));
    assertEquals("Created", sentence(Status.CREATED, null, null, now));
    assertEquals("Created", sentence(Status.EXITED, null, null, now));
    assertEquals(
        "Exited (3) 2 minutes ago", sentence(Status.EXITED, start, start.plusSeconds(60), now));
    assertEquals("Dead", sentence(Status.DEAD, start, start, now));
    assertEquals("Removal In Progress", sentence(Status.REMOVING, start, start, now));
  }

  private static String sentence(Status status, Instant start, Instant end, Instant now) {
    return ContainerStatus.sentence(new ContainerState(status, 0, 3, "", false, start, end), now);
  }

  @Test
  void stringsAreEscapedAsInGo() {
    assertEquals("\"<a>& \\\"\\\\/\"\n", answer("<a>& \"\\/"));
    assertEquals("\"\\u003ca\\u003e\\u0026\"\n", streamed("<a>&"));
    assertEquals("\"\\n\\r\\t\\u0008\\u000c\\u001b\u007f\"\n", answer("\n\r\t\b\f\u001b\u007f"));
    assertEquals("\"\\u2028\\u2029é😀\"\n", answer("\u2028\u2029é😀"));
  }

  @Test
  void progressHasABar() {
    String line =
        new String(
            new GoJson()
                .progress(
                    out ->
                        ProgressJson.layer(
                            out,
                            new LoadProgress(
                                "7ba6038489e8", "Loading layer", 229376, 20008960, null))),
            StandardCharsets.UTF_8);
    assertEquals(
        "{\"status\":\"Loading layer\",\"progressDetail\":{\"current\":229376,\"total\":20008960},"
            + "\"progress\":\"[\\u003e"
            + " ".repeat(50)
            + "]  229.4kB/20.01MB\",\"id\":\"7ba6038489e8\"}\r\n",
        line);
  }

  @Test
  void jsonIsRead() {
    Object read =
        JsonReader.read(
            " {\"a\":[1,-2.5e3,true,false,null,{}],\"b\":\"\\u00e9\\ud83d\\ude00\\n\\\"é\"} rest"
                .getBytes(StandardCharsets.UTF_8));
    assertEquals(
        Map.of(
            "a",
            Arrays.asList(BigDecimal.ONE, new BigDecimal("-2.5e3"), true, false, null, Map.of()),
            "b",
            "é😀\n\"é"),
        read);
    assertEquals(List.of(), JsonReader.read("[]".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void badJsonIsToldInGosWords() {
    Map<String, String> expected =
        Map.of(
            "",
            "EOF",
            " {",
            "unexpected EOF",
            "[1",
            "unexpected EOF",
            "\"\\u12g4\"",
            "invalid character 'g' in \\u hexadecimal character escape",
            "1.x",
            "invalid character 'x' after decimal point in numeric literal",
            "1ex",
            "invalid character 'x' in exponent of numeric literal",
            "\"\n\"",
            "invalid character '\\n' in string literal",
            "[".repeat(600),
            "exceeded max depth");
    expected.forEach(
        (text, message) ->
            assertEquals(
                message,
                assertThrows(
                        MalformedRequestException.class,
                        () -> JsonReader.read(text.getBytes(StandardCharsets.UTF_8)))
                    .getMessage()));
  }
}
