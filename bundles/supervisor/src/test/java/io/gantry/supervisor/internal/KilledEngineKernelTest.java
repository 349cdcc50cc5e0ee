// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Engines that are killed at random moments, while tasks print and end. */
@Tag("root")
@Timeout(120)
class KilledEngineKernelTest {
  private static final int KILLS = 8;
  private static final int TASKS = 4;

  @TempDir Path directory;

  @Test
  void noLineIsLostOrDoubledAndNoTaskDies() throws Exception {
    Random random = new Random();
    for (int i = 0; i < KILLS; i++) {
      Process engine = engine(i == 0 ? TASKS : 0);
      try {
        await(directory.resolve("ready"), engine);
        Thread.sleep(random.nextInt(400));
      } finally {
        engine.destroyForcibly().waitFor();
      }
      Files.deleteIfExists(directory.resolve("ready"));
    }
    try (SupervisorHarness harness = KilledEngine.open(directory)) {
      for (int i = 0; i < TASKS; i++) {
        assertTrue(harness.supervisor.running("t" + i), "task " + i + " died with an engine");
      }
      Thread.sleep(200);
      for (int i = 0; i < TASKS; i++) {
        harness.supervisor.kill("t" + i, 9);
      }
      for (int i = 0; i < TASKS; i++) {
        assertEquals(137, harness.ends.await("t" + i).status().code());
        String log = harness.log("t" + i);
        StringBuilder expected = new StringBuilder();
        int lines = (int) log.lines().count();
        for (int line = 1; line <= lines; line++) {
          expected.append("counter ").append(line).append('\n');
        }
        // the last line may have been cut by the kill
        assertTrue(lines > 100, lines + " lines");
        assertEquals(
            expected.substring(0, Math.min(expected.length(), log.length())), log, "task " + i);
      }
      for (int i = 0; i < TASKS; i++) {
        String end = "e" + i + " " + (i + 10);
        harness.ends.file = null;
        java.util.List<String> told =
            Files.readAllLines(directory.resolve("ends")).stream()
                .filter(line -> line.startsWith(end.substring(0, 3)))
                .distinct()
                .toList();
        assertEquals(java.util.List.of(end), told);
      }
      for (int i = 0; i < 400 && !empty(); i++) {
        Thread.sleep(5);
      }
      assertTrue(empty(), "something is left of a task");
      harness.removeCgroup();
    }
  }

  private boolean empty() throws Exception {
    try (var tasks = Files.list(directory.resolve("exec/tasks"))) {
      return tasks.findAny().isEmpty();
    }
  }

  private Process engine(int tasks) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            KilledEngine.class.getName(),
            directory.toString(),
            Integer.toString(tasks))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("engine.log").toFile()))
        .start();
  }

  private void await(Path ready, Process engine) throws Exception {
    while (!Files.exists(ready)) {
      assertTrue(
          engine.isAlive(), () -> "the engine ended: " + read(directory.resolve("engine.log")));
      Thread.sleep(10);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}
