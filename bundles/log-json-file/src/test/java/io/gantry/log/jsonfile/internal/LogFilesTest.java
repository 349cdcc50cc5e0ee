// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.logging.LogBatch;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.stream.StreamType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What lies on disk, and what the driver makes of it when somebody or something has damaged it. */
class LogFilesTest {
  private static final LogQuery ALL = new LogQuery(true, true, 0, 0, -1);

  @TempDir Path directory;
  private JsonFileLogDriver driver = new JsonFileLogDriver();

  @AfterEach
  void deactivate() {
    driver.deactivate();
  }

  @Test
  void namesAndContentAreDockers() throws IOException {
    LogTarget target = target(Map.of("max-size", "130", "max-file", "3"));
    driver.append(target, LogPosition.START, lines(0, 10));
    // the first line that finds 130 bytes or more begins a new file: two lines in each
    assertEquals(line(8) + line(9), Files.readString(name("")));
    assertEquals(line(6) + line(7), Files.readString(name(".1")));
    assertEquals(line(4) + line(5), Files.readString(name(".2")));
    assertFalse(Files.exists(name(".3")));
    assertEquals(
        "rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(name(""))));
  }

  @Test
  void oneFileIsStartedAfresh() throws IOException {
    LogTarget target = target(Map.of("max-size", "130", "max-file", "1"));
    LogPosition at = driver.append(target, LogPosition.START, lines(0, 5));
    assertEquals(line(4), Files.readString(name("")));
    assertFalse(Files.exists(name(".1")));
    driver.append(target, at, lines(5, 6));
    assertEquals(line(4) + line(5), Files.readString(name("")));
  }

  @Test
  void atMostOneFileMoreThanWantedIsKept() throws IOException {
    LogTarget target = target(Map.of("max-size", "130", "max-file", "3"));
    LogPosition at = LogPosition.START;
    for (int i = 0; i < 40; i++) {
      at = driver.append(target, at, lines(i, i + 1));
      assertTrue(generationFiles().size() <= 4, generationFiles().toString());
    }
    driver.release(target);
    assertEquals(3, generationFiles().size());
  }

  @Test
  void oneLongCallKeepsNoMoreThanItMayNeed() throws IOException {
    LogTarget target = target(Map.of("max-size", "130", "max-file", "3"));
    driver.append(target, LogPosition.START, lines(0, 400));
    // the generation in which the call began, and three
    assertEquals(4, generationFiles().size());
  }

  @Test
  void rotatedFilesAreCompressedWhenWanted() throws IOException {
    LogTarget target = target(Map.of("max-size", "130", "max-file", "3", "compress", "true"));
    LogPosition end = driver.append(target, LogPosition.START, lines(0, 10));
    driver.deactivate();
    driver = new JsonFileLogDriver();
    end = driver.append(target, end, lines(10, 11));
    awaitNames(".1.gz", ".2.gz");
    assertFalse(Files.exists(name(".1")));
    try (InputStream in = new GZIPInputStream(Files.newInputStream(name(".1.gz")))) {
      assertEquals(line(8) + line(9), new String(in.readAllBytes(), UTF_8));
    }
    assertEquals(7, read(target, new LogPosition(2, 0), end).size());
  }

  @Test
  void namesAreRepairedAfterACrashInsideARotation() throws IOException {
    Random random = new Random(11);
    LogTarget target = target(Map.of("max-size", "130", "max-file", "4"));
    LogPosition at = driver.append(target, LogPosition.START, lines(0, 7));
    for (int round = 0; round < 60; round++) {
      driver.append(target, at, lines(7, 14));
      driver.deactivate();
      scrambleNames(random);
      driver = new JsonFileLogDriver();
      LogPosition end = driver.append(target, at, lines(7, 14));
      assertEquals(new LogPosition(6, 2L * line(12).length()), end);
      assertEquals(line(12) + line(13), Files.readString(name("")));
      assertEquals(line(10) + line(11), Files.readString(name(".1")));
      assertEquals(line(8) + line(9), Files.readString(name(".2")));
      assertEquals(line(6) + line(7), Files.readString(name(".3")));
    }
  }

  private void scrambleNames(Random random) throws IOException {
    String[] suffixes = {"", ".1", ".2", ".3"};
    for (String suffix : suffixes) {
      switch (random.nextInt(3)) {
        case 0 -> Files.deleteIfExists(name(suffix));
        case 1 -> {
          Files.deleteIfExists(name(suffix));
          Files.writeString(name(suffix), "of another file");
        }
        default -> {}
      }
    }
    if (random.nextBoolean()) {
      Files.writeString(directory.resolve("json-file/name.tmp"), "left over");
      Files.writeString(directory.resolve("json-file/2.tmp"), "left over");
    }
  }

  @Test
  void aFileThatSomebodyEmptiedIsWrittenFromItsBeginning() throws IOException {
    LogTarget target = target(Map.of());
    LogPosition before = driver.append(target, LogPosition.START, lines(0, 10));
    Files.write(name(""), new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
    LogPosition end = driver.append(target, before, lines(10, 12));
    assertEquals(line(10) + line(11), Files.readString(name("")));
    LogBatch behindTheEnd = driver.read(target, before, end, ALL, 1 << 20);
    assertEquals(List.of(), behindTheEnd.entries());
    assertEquals(end, behindTheEnd.next());
  }

  @Test
  void aLineThatPowerFailureCutIsTakenAway() throws IOException {
    LogTarget target = target(Map.of());
    LogPosition end = driver.append(target, LogPosition.START, lines(0, 10));
    driver.deactivate();
    Path file = directory.resolve("json-file/0");
    String content = Files.readString(file);
    Files.writeString(file, content.substring(0, content.length() - 30));
    driver = new JsonFileLogDriver();
    end = driver.append(target, end, lines(10, 11));
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 10), read(target, LogPosition.START, end));
  }

  @Test
  void damageInTheMiddleIsPassedOver() throws IOException {
    LogTarget target = target(Map.of());
    LogPosition end = driver.append(target, LogPosition.START, lines(0, 10));
    Path file = directory.resolve("json-file/0");
    byte[] content = Files.readAllBytes(file);
    java.util.Arrays.fill(content, 100, 300, (byte) 0);
    Files.write(file, content);
    assertEquals(List.of(0, 5, 6, 7, 8, 9), read(target, LogPosition.START, end));
  }

  @Test
  void aCopiedDirectoryIsGoneOnWith() throws IOException {
    LogTarget target = target(Map.of("max-size", "130", "max-file", "3"));
    LogPosition at = driver.append(target, LogPosition.START, lines(0, 5));
    driver.deactivate();
    for (String suffix : List.of("", ".1", ".2")) {
      byte[] copy = Files.readAllBytes(name(suffix));
      Files.delete(name(suffix));
      Files.write(name(suffix), copy);
    }
    driver = new JsonFileLogDriver();
    driver.append(target, at, lines(5, 6));
    assertEquals(line(4) + line(5), Files.readString(name("")));
  }

  @Test
  void aFullDiskIsReportedAsSuch() throws IOException {
    Files.createDirectories(directory.resolve("json-file"));
    Files.createSymbolicLink(directory.resolve("json-file/0"), Path.of("/dev/full"));
    EngineException failure =
        assertThrows(
            EngineException.class,
            () -> driver.append(target(Map.of()), LogPosition.START, lines(0, 1)));
    assertEquals(ErrorKind.EXHAUSTED, failure.kind());
    assertTrue(failure.getMessage().contains("No space left on device"), failure.getMessage());
  }

  private void awaitNames(String... suffixes) throws IOException {
    long deadline = System.nanoTime() + 10_000_000_000L;
    for (String suffix : suffixes) {
      while (!Files.exists(name(suffix))) {
        assertTrue(System.nanoTime() < deadline, suffix + " did not come");
        Thread.onSpinWait();
      }
    }
  }

  private List<Integer> read(LogTarget target, LogPosition from, LogPosition end) {
    List<Integer> numbers = new ArrayList<>();
    for (LogEntry entry : driver.read(target, from, end, ALL, 1 << 20).entries()) {
      numbers.add(Integer.parseInt(new String(entry.line(), UTF_8).substring(4)));
    }
    return numbers;
  }

  private List<String> generationFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("json-file"))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private Path name(String suffix) {
    return directory.resolve("c1-json.log" + suffix);
  }

  private LogTarget target(Map<String, String> options) {
    return new LogTarget("c1", directory, options, Map.of());
  }

  private static List<LogEntry> lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> "line%04d".formatted(i).getBytes(UTF_8))
        .map(text -> new LogEntry(StreamType.STDOUT, 0, text, true))
        .toList();
  }

  private static String line(int i) {
    return "{\"log\":\"line%04d\\n\",\"stream\":\"stdout\",\"time\":\"1970-01-01T00:00:00Z\"}\n"
        .formatted(i);
  }
}
