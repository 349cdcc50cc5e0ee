// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.continuity;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.itests.harness.HostSnapshot;
import io.gantry.itests.harness.NetworkSandbox;
import io.gantry.itests.harness.Shell;
import io.gantry.itests.harness.TestEngine;
import io.gantry.itests.harness.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Containers outlive the engine's JVM. Twenty count at 100 Hz while the JVM is killed at random
 * moments, also inside a rotation of a log; the restarted engine has all of them, all that they
 * wrote, once, and the exit codes of those that ended while nobody looked.
 */
@Tag("end-to-end")
class ReadoptionTest {
  /** Containers 0 to 4 end during the kills, 5 to 18 outlive them, 19 has a terminal. */
  private static final int ENDING = 5;

  private static final int TERMINAL = 19;

  private static final int KILLS = Integer.getInteger("readoption.kills", 3);

  private Path directory;
  private NetworkSandbox network;
  private TestEngine engine;

  @BeforeEach
  void start() throws IOException {
    directory = Files.createTempDirectory("gr");
    network = new NetworkSandbox("gantry-adopt");
    engine = new TestEngine(TestEngine.Kind.GANTRY, directory.resolve("e"), network, List.of());
    engine.start();
    TestImages.writeTo(directory.resolve("images")).loadBusyboxInto(engine);
  }

  @AfterEach
  void stop() {
    try (NetworkSandbox last = network;
        TestEngine first = engine) {
      // Containers, engine, network: in this order.
    } finally {
      Shell.run("rm", "-rf", directory.toString());
    }
  }

  @Test
  void containersAndTheirOutputOutliveKillsOfTheEngine(TestReporter reporter) throws Exception {
    for (int i = 0; i <= TERMINAL; i++) {
      engine.docker(counter(i).toArray(String[]::new));
    }
    List<String> before = forEach(ENDING, TERMINAL, this::identity);

    long seed = System.nanoTime();
    reporter.publishEntry("seed", Long.toString(seed));
    Random random = new Random(seed);
    for (int i = 0; i < KILLS; i++) {
      Thread.sleep(200 + random.nextInt(1500));
      engine.kill();
      Thread.sleep(random.nextInt(700));
      engine.start();
    }

    assertEquals(before, forEach(ENDING, TERMINAL, this::identity), "a container was started anew");
    for (int i = 0; i < ENDING; i++) {
      assertEquals(Integer.toString(10 + i), engine.docker("wait", name(i)).trim(), name(i));
    }
    attachAndExecWork();
    for (int i = ENDING; i <= TERMINAL; i++) {
      engine.docker("kill", name(i));
    }
    assertAll(IntStream.range(0, TERMINAL).mapToObj(i -> () -> assertCounted(name(i), i < ENDING)));
    reporter.publishEntry("terminal", gaps(log(name(TERMINAL))).size() + " gaps");
  }

  @Test
  void nothingIsLeftOfContainersThatWereAdopted() {
    HostSnapshot.Scope scope = HostSnapshot.Scope.of(engine, network, "gantry");
    engine.docker("run", "--rm", "busybox", "true");
    engine.kill();
    engine.start();
    HostSnapshot before = HostSnapshot.take(scopeWithoutEngine(scope));
    for (int i = 0; i < 3; i++) {
      engine.docker("run", "-d", "--name", name(i), "-v", "/anonymous", "busybox", "sleep", "600");
    }
    engine.kill();
    engine.start();
    engine.docker("rm", "-f", "-v", name(0), name(1), name(2));

    before.assertSameNow(scopeWithoutEngine(scope));
  }

  private static List<String> counter(int i) {
    boolean ends = i < ENDING;
    int lines = ends ? 100 + 100 * i : 1_000_000;
    List<String> command = new ArrayList<>(List.of("run", "-d", "--name", name(i)));
    if (i % 2 == 0) {
      // Rotates several times a second; enough files to keep every line.
      command.addAll(List.of("--log-opt", "max-size=4k", "--log-opt", "max-file=2000"));
    }
    if (i == TERMINAL) {
      command.add("-t");
    }
    String script =
        "i=0; while [ $i -lt %d ]; do echo $i; i=$((i+1)); usleep 10000; done; exit %d"
            .formatted(lines, 10 + i);
    command.addAll(List.of("busybox", "sh", "-c", script));
    return command;
  }

  private String identity(int i) {
    return engine.docker(
        "inspect",
        "-f",
        "{{.State.Running}} {{.State.Pid}} {{.State.StartedAt}} {{.RestartCount}}",
        name(i));
  }

  private void attachAndExecWork() {
    for (int i = ENDING; i < TERMINAL; i++) {
      assertEquals("works\n", engine.docker("exec", name(i), "echo", "works"), name(i));
    }
    Shell.Outcome attached =
        Shell.run(
            List.of(
                "timeout",
                "2",
                "docker",
                "-H",
                engine.dockerHost(),
                "attach",
                "--no-stdin",
                name(ENDING)),
            Map.of(),
            directory,
            Duration.ofSeconds(10));
    List<String> lines = attached.stdout().lines().toList();
    assertTrue(lines.size() > 20, () -> "attach shows little: " + attached);
    assertEquals(List.of(), gaps(lines.subList(0, lines.size() - 1)), "attach loses lines");
  }

  private void assertCounted(String name, boolean ended) {
    List<String> lines = log(name);
    assertEquals("0", lines.get(0), name + ": the first line");
    assertEquals(List.of(), gaps(lines), name + ": lost or doubled lines");
    int least = ended ? 100 * (1 + Integer.parseInt(name.substring(1))) : 100;
    assertTrue(lines.size() >= least, () -> name + ": " + lines.size() + " lines only");
  }

  private List<String> log(String name) {
    return engine.docker("logs", name).lines().map(String::trim).toList();
  }

  /** Where a line does not follow the one before it. */
  private static List<String> gaps(List<String> lines) {
    List<String> gaps = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      int previous = Integer.parseInt(lines.get(i - 1));
      int next = Integer.parseInt(lines.get(i));
      if (next != previous + 1) {
        gaps.add(previous + " -> " + next);
      }
    }
    return gaps;
  }

  private static <T> List<T> forEach(int from, int to, IntFunction<T> what) {
    return IntStream.range(from, to).mapToObj(what).toList();
  }

  private static String name(int i) {
    return "c" + i;
  }

  /** The engine's own process is another one after a restart. */
  private HostSnapshot.Scope scopeWithoutEngine(HostSnapshot.Scope scope) {
    return scope.ignoringProcess(engine.pid());
  }
}
