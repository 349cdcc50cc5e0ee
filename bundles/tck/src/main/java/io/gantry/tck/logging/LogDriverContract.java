// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.logging.LogBatch;
import io.gantry.api.logging.LogDriver;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.logging.ReadableLog;
import io.gantry.api.stream.StreamType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a {@link LogDriver} that is also a {@link ReadableLog} must do. {@link #open} is called
 * again for each new instance, as after an update of the bundle or a crash of the engine.
 */
public abstract class LogDriverContract {
  private static final LogQuery ALL = new LogQuery(true, true, 0, 0, -1);
  private static final String ID = "c0ffee".repeat(10) + "cafe";

  @TempDir Path directory;
  private LogDriver driver;
  private LogTarget target;

  /** A new instance that knows nothing of those before it but what they left on disk. */
  protected abstract LogDriver open();

  /** Ends an instance that {@link #open} made, as {@code @Deactivate} does. */
  protected abstract void close(LogDriver driver);

  /** Options with which about 100 short lines fill a file and at least 3 files are kept. */
  protected abstract Map<String, String> smallFiles();

  @BeforeEach
  void openDriver() {
    driver = open();
    target = target(Map.of());
  }

  @AfterEach
  void closeDriver() {
    close(driver);
  }

  @Test
  void givesBackWhatWasWritten() {
    List<LogEntry> written = lines(0, 50);
    LogPosition end = driver.append(target, LogPosition.START, written);
    assertEntries(written, readAll(LogPosition.START, end, ALL, 1 << 20));
  }

  @Test
  void keepsTimeStreamAndParts() {
    List<LogEntry> written =
        List.of(
            new LogEntry(StreamType.STDOUT, 1_700_000_000_123_456_789L, bytes("begin "), false),
            new LogEntry(StreamType.STDERR, 1_700_000_001_000_000_000L, bytes("<&>\t\u2028"), true),
            new LogEntry(StreamType.STDOUT, 1_700_000_002_500_000_000L, bytes("end"), true),
            new LogEntry(StreamType.STDOUT, 1_700_000_002_500_000_001L, bytes(""), true));
    LogPosition end = driver.append(target, LogPosition.START, written);
    assertEntries(written, readAll(LogPosition.START, end, ALL, 1 << 20));
  }

  @Test
  void anEmptyAppendMovesNothing() {
    LogPosition end = driver.append(target, LogPosition.START, lines(0, 3));
    assertEquals(end, driver.append(target, end, List.of()));
  }

  @Test
  void positionsGrow() {
    target = target(smallFiles());
    LogPosition at = LogPosition.START;
    for (int i = 0; i < 300; i += 10) {
      LogPosition next = driver.append(target, at, lines(i, i + 10));
      assertTrue(next.compareTo(at) > 0, next + " is not behind " + at);
      at = next;
    }
  }

  @Test
  void aCallThatDidNotReturnIsRepeatedWithoutDoubling() {
    LogPosition first = driver.append(target, LogPosition.START, lines(0, 10));
    driver.append(target, first, lines(10, 20));
    LogPosition end = driver.append(target, first, lines(10, 25));
    assertEntries(lines(0, 25), readAll(LogPosition.START, end, ALL, 1 << 20));
  }

  @Test
  void aNewInstanceGoesOnWhereTheLastOneEnded() {
    LogPosition first = driver.append(target, LogPosition.START, lines(0, 10));
    driver.append(target, first, lines(10, 20));
    close(driver);
    driver = open();
    LogPosition end = driver.append(target, first, lines(10, 20));
    assertEntries(lines(0, 20), readAll(LogPosition.START, end, ALL, 1 << 20));
  }

  @Test
  void anInstanceThatWasNotClosedIsTakenOverFrom() {
    LogPosition first = driver.append(target, LogPosition.START, lines(0, 10));
    driver.append(target, first, lines(10, 20));
    LogDriver successor = open();
    LogPosition end = successor.append(target, first, lines(10, 15));
    close(driver);
    driver = successor;
    assertEntries(lines(0, 15), readAll(LogPosition.START, end, ALL, 1 << 20));
  }

  @Test
  void nothingIsLostOrDoubledWhenACallIsRepeatedAcrossRotations() {
    target = target(smallFiles());
    LogPosition at = driver.append(target, LogPosition.START, lines(0, 90));
    driver.append(target, at, lines(90, 250));
    close(driver);
    driver = open();
    LogPosition end = driver.append(target, at, lines(90, 250));
    assertContiguousUpTo(250, readAll(LogPosition.START, end, ALL, 1 << 20));
  }

  @Test
  void randomInterruptionsLoseAndDoubleNothing() {
    target = target(smallFiles());
    Random random = new Random(20_241_124);
    LogPosition at = LogPosition.START;
    int written = 0;
    while (written < 2_000) {
      int next = written + 1 + random.nextInt(120);
      LogPosition reached = driver.append(target, at, lines(written, next));
      switch (random.nextInt(4)) {
        case 0 -> {
          // the answer got lost, and the engine has read more of the spool meanwhile
          close(driver);
          driver = open();
        }
        case 1 -> driver.release(target);
        default -> {
          at = reached;
          written = next;
        }
      }
    }
    at = driver.append(target, at, lines(written, written + 1));
    assertContiguousUpTo(written + 1, readAll(LogPosition.START, at, ALL, 1 << 20));
  }

  @Test
  void aReaderFollowsThroughRotations() {
    target = target(smallFiles());
    LogPosition end = LogPosition.START;
    LogPosition cursor = LogPosition.START;
    List<LogEntry> seen = new ArrayList<>();
    for (int i = 0; i < 600; i += 20) {
      end = driver.append(target, end, lines(i, i + 20));
      LogBatch batch = readable().read(target, cursor, end, ALL, 1 << 20);
      seen.addAll(batch.entries());
      cursor = batch.next();
      assertEquals(end, cursor);
    }
    assertEntries(lines(0, 600), seen);
  }

  @Test
  void aPositionThatWasRotatedAwayIsTheOldestThatIsLeft() {
    target = target(smallFiles());
    LogPosition end = driver.append(target, LogPosition.START, lines(0, 50));
    for (int i = 50; i < 2_000; i += 50) {
      end = driver.append(target, end, lines(i, i + 50));
    }
    List<LogEntry> left = readAll(LogPosition.START, end, ALL, 1 << 20);
    assertTrue(left.size() < 2_000, "nothing was rotated away");
    assertTrue(left.size() >= 200, "too little was kept: " + left.size());
    assertContiguousUpTo(2_000, left);
  }

  @Test
  void readsInSmallPieces() {
    target = target(smallFiles());
    LogPosition end = driver.append(target, LogPosition.START, lines(0, 250));
    assertEntries(
        readAll(LogPosition.START, end, ALL, 1 << 20), readAll(LogPosition.START, end, ALL, 1));
  }

  @Test
  void readsNothingBehindTheEnd() {
    LogPosition end = driver.append(target, LogPosition.START, lines(0, 10));
    driver.append(target, end, lines(10, 20));
    assertEntries(lines(0, 10), readAll(LogPosition.START, end, ALL, 1 << 20));
    LogBatch nothing = readable().read(target, end, end, ALL, 1 << 20);
    assertEquals(List.of(), nothing.entries());
    assertEquals(end, nothing.next());
  }

  @Test
  void selectsStreamsAndTimes() {
    List<LogEntry> written = lines(0, 40);
    LogPosition end = driver.append(target, LogPosition.START, written);
    assertSelected(written, end, new LogQuery(true, false, 0, 0, -1), e -> !isStderr(e));
    assertSelected(written, end, new LogQuery(false, true, 0, 0, -1), LogDriverContract::isStderr);
    long since = written.get(10).timeNanos();
    long until = written.get(30).timeNanos();
    assertSelected(
        written,
        end,
        new LogQuery(true, true, since, until, -1),
        e -> e.timeNanos() >= since && e.timeNanos() <= until);
  }

  @Test
  void findsTheTail() {
    target = target(smallFiles());
    LogPosition end = driver.append(target, LogPosition.START, lines(0, 250));
    int left = readAll(LogPosition.START, end, ALL, 1 << 20).size();
    for (int tail : new int[] {0, 1, 2, 49, 99, 100, 101, 150, left, left + 7}) {
      LogQuery query = new LogQuery(true, true, 0, 0, tail);
      LogPosition from = readable().seek(target, end, query);
      int expected = Math.min(tail, left);
      assertEntries(lines(250 - expected, 250), readAll(from, end, query, 1 << 20));
    }
    assertContiguousUpTo(250, readAll(readable().seek(target, end, ALL), end, ALL, 1 << 20));
  }

  @Test
  void theTailIsCountedFromTheEndThatIsAskedFor() {
    LogPosition end = driver.append(target, LogPosition.START, lines(0, 10));
    driver.append(target, end, lines(10, 20));
    LogQuery query = new LogQuery(true, true, 0, 0, 3);
    assertEntries(lines(7, 10), readAll(readable().seek(target, end, query), end, query, 1 << 20));
  }

  @Test
  void aLogThatWasNeverWrittenIsEmpty() {
    assertEquals(LogPosition.START, readable().seek(target, LogPosition.START, ALL));
    assertEquals(
        List.of(),
        readable().read(target, LogPosition.START, LogPosition.START, ALL, 1 << 20).entries());
  }

  @Test
  void releaseMayBeRepeatedAndWritingGoesOn() {
    driver.release(target);
    LogPosition at = driver.append(target, LogPosition.START, lines(0, 5));
    driver.release(target);
    driver.release(target);
    LogPosition end = driver.append(target, at, lines(5, 10));
    assertEntries(lines(0, 10), readAll(LogPosition.START, end, ALL, 1 << 20));
  }

  @Test
  void removeLeavesNothingAndMayBeRepeated() {
    target = target(smallFiles());
    driver.append(target, LogPosition.START, lines(0, 250));
    driver.remove(target);
    driver.remove(target);
    String[] left = directory.toFile().list();
    assertEquals(List.of(), left == null ? List.of() : List.of(left));
    LogPosition end = driver.append(target, LogPosition.START, lines(0, 5));
    assertEntries(lines(0, 5), readAll(LogPosition.START, end, ALL, 1 << 20));
  }

  @Test
  void refusesUnknownOptions() {
    driver.validate(Map.of());
    driver.validate(smallFiles());
    EngineException refused =
        assertThrows(EngineException.class, () -> driver.validate(Map.of("no-such-option", "1")));
    assertEquals(ErrorKind.INVALID, refused.kind());
    assertNotNull(refused.getMessage());
  }

  private LogTarget target(Map<String, String> options) {
    return new LogTarget(ID, directory, options, Map.of("name", "/web"));
  }

  private ReadableLog readable() {
    assumeTrue(driver instanceof ReadableLog, "the driver does not declare that it can be read");
    return (ReadableLog) driver;
  }

  private List<LogEntry> readAll(LogPosition from, LogPosition end, LogQuery query, int maxBytes) {
    List<LogEntry> all = new ArrayList<>();
    LogPosition at = from;
    while (true) {
      LogBatch batch = readable().read(target, at, end, query, maxBytes);
      all.addAll(batch.entries());
      if (batch.next().equals(at)) {
        return all;
      }
      assertTrue(batch.next().compareTo(at) > 0, "the reader went back");
      assertTrue(batch.next().compareTo(end) <= 0, "the reader went past the end");
      at = batch.next();
    }
  }

  private void assertSelected(
      List<LogEntry> written, LogPosition end, LogQuery query, Predicate<LogEntry> expected) {
    List<LogEntry> wanted = written.stream().filter(expected).toList();
    assertTrue(!wanted.isEmpty() && wanted.size() < written.size(), "the case selects nothing");
    assertEntries(wanted, readAll(LogPosition.START, end, query, 1 << 20));
  }

  private static boolean isStderr(LogEntry entry) {
    return entry.stream() == StreamType.STDERR;
  }

  private static List<LogEntry> lines(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(
            i ->
                new LogEntry(
                    i % 3 == 2 ? StreamType.STDERR : StreamType.STDOUT,
                    1_700_000_000_000_000_000L + i * 1_000_001L,
                    bytes("line number " + i),
                    true))
        .toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /** The oldest may be gone, but what is left has no gap and no repetition. */
  private static void assertContiguousUpTo(int end, List<LogEntry> entries) {
    assertEntries(lines(end - entries.size(), end), entries);
  }

  private static void assertEntries(List<LogEntry> expected, List<LogEntry> actual) {
    assertEquals(
        expected.stream().map(LogDriverContract::describe).toList(),
        actual.stream().map(LogDriverContract::describe).toList());
  }

  private static String describe(LogEntry entry) {
    return entry.stream()
        + " "
        + entry.timeNanos()
        + " "
        + new String(entry.line(), UTF_8)
        + (entry.complete() ? "" : "...");
  }
}
