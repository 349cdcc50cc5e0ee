// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.logging.LogBatch;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.stream.StreamType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes and rotates without a pause is killed at random moments. The next one goes
 * on from the position that was noted last, as the engine does.
 */
class KilledWriterTest {
  private static final int KILLS = 8;
  private static final int MAX_FILES = 40;

  @TempDir Path directory;

  @Test
  void killedWritersLoseAndDoubleNothing() throws Exception {
    Random random = new Random();
    long written = 0;
    for (int i = 0; i < KILLS; i++) {
      Process writer =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Writer.class.getName(),
                  directory.toString())
              .inheritIO()
              .start();
      long deadline = System.nanoTime() + 60_000_000_000L;
      while (Writer.readNote(directory).lines() <= written) {
        assertTrue(writer.isAlive(), "the writer ended by itself");
        assertTrue(System.nanoTime() < deadline, "the writer wrote nothing");
        Thread.sleep(1);
      }
      Thread.sleep(random.nextInt(100));
      writer.destroyForcibly().waitFor();
      written = Writer.readNote(directory).lines();
    }

    JsonFileLogDriver driver = new JsonFileLogDriver();
    Writer.Note note = Writer.readNote(directory);
    LogPosition end =
        driver.append(
            Writer.target(directory),
            note.position(),
            Writer.lines(note.lines(), note.lines() + 1));
    List<Long> numbers = read(driver, end);
    driver.deactivate();
    assertTrue(end.file() > MAX_FILES, "only " + end.file() + " rotations");
    long first = note.lines() + 1 - numbers.size();
    assertEquals(LongStream.rangeClosed(first, note.lines()).boxed().toList(), numbers);
    for (int age = 1; age < MAX_FILES; age++) {
      assertTrue(Files.exists(directory.resolve("c1-json.log." + age)), "name ." + age);
    }
  }

  private List<Long> read(JsonFileLogDriver driver, LogPosition end) {
    List<Long> numbers = new ArrayList<>();
    LogQuery all = new LogQuery(true, true, 0, 0, -1);
    LogPosition at = LogPosition.START;
    while (true) {
      LogBatch batch = driver.read(Writer.target(directory), at, end, all, 1 << 20);
      batch.entries().forEach(e -> numbers.add(Long.parseLong(new String(e.line(), UTF_8))));
      if (batch.next().equals(at)) {
        return numbers;
      }
      at = batch.next();
    }
  }

  /** The process that is killed. */
  static final class Writer {
    private Writer() {}

    /** What the engine remembers: how many lines were taken, and where the log ended then. */
    record Note(LogPosition position, long lines) {}

    public static void main(String[] arguments) throws IOException {
      Path directory = Path.of(arguments[0]);
      JsonFileLogDriver driver = new JsonFileLogDriver();
      Note note = readNote(directory);
      Random random = new Random();
      try (FileChannel file =
          FileChannel.open(
              directory.resolve("note"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        while (true) {
          long next = note.lines() + 1 + random.nextInt(60);
          LogPosition end =
              driver.append(target(directory), note.position(), lines(note.lines(), next));
          note = new Note(end, next);
          ByteBuffer bytes = ByteBuffer.allocate(24);
          bytes.putLong(end.file()).putLong(end.offset()).putLong(next).flip();
          file.write(bytes, 0);
        }
      }
    }

    static Note readNote(Path directory) throws IOException {
      Path file = directory.resolve("note");
      if (!Files.exists(file) || Files.size(file) < 24) {
        return new Note(LogPosition.START, 0);
      }
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      return new Note(new LogPosition(bytes.getLong(), bytes.getLong()), bytes.getLong());
    }

    static LogTarget target(Path directory) {
      return new LogTarget(
          "c1",
          directory,
          Map.of("max-size", "3k", "max-file", Integer.toString(MAX_FILES)),
          Map.of());
    }

    static List<LogEntry> lines(long from, long to) {
      return LongStream.range(from, to)
          .mapToObj(i -> new LogEntry(StreamType.STDOUT, i, Long.toString(i).getBytes(UTF_8), true))
          .toList();
    }
  }
}
