// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.continuity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Drivers are updated while four clients start containers and ten containers run: no request fails
 * and no container notices.
 */
@Tag("end-to-end")
class HotSwapTest {
  /** Driver names, with the artifacts that carry them. */
  private static final Map<String, String> DRIVERS =
      Map.of(
          "overlay2", "gantry-storage-overlay",
          "runc", "gantry-runtime-runc",
          "json-file", "gantry-log-json-file",
          "bridge", "gantry-network-bridge");

  private static final int CLIENTS = 4;
  private static final int CONTAINERS = 10;
  private static final int UPDATES = Integer.getInteger("hotswap.updates", 1);

  private final Path distribution = TestEngine.distribution();
  private Path directory;
  private NetworkSandbox network;
  private TestEngine engine;

  @BeforeEach
  void start() throws IOException {
    directory = Files.createTempDirectory("gh");
    network = new NetworkSandbox("gantry-swap");
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
  void driversAreUpdatedUnderLoad() throws Exception {
    for (int i = 0; i < CONTAINERS; i++) {
      engine.docker(
          "run",
          "-d",
          "--name",
          "c" + i,
          "busybox",
          "sh",
          "-c",
          "while true; do echo tick; sleep 0.1; done");
    }
    engine.docker("run", "--rm", "busybox", "true");
    List<String> before = identities();
    int threads = count("task");
    int descriptors = count("fd");

    List<RunLoop> clients =
        IntStream.range(0, CLIENTS)
            .mapToObj(i -> new RunLoop(engine, "gantry-client-" + i))
            .toList();
    clients.forEach(RunLoop::start);
    for (int round = 1; round <= UPDATES; round++) {
      for (Map.Entry<String, String> driver : DRIVERS.entrySet()) {
        update(driver.getKey(), driver.getValue(), "9.0." + round);
      }
    }
    for (RunLoop client : clients) {
      client.finish();
      assertEquals(List.of(), client.failures(), "requests failed");
      assertTrue(client.runs() > 4 * UPDATES, () -> "a client ran only " + client.runs());
    }

    assertEquals(before, identities(), "a container was restarted");
    int slack = 12;
    assertTrue(count("task") <= threads + slack, () -> threads + " threads, now " + count("task"));
    assertTrue(
        count("fd") <= descriptors + slack, () -> descriptors + " descriptors, now " + count("fd"));
  }

  @Test
  void anUpdateThatFailsIsTakenBackAndOneThatWorkedStays() throws Exception {
    Path shipped = DriverJar.shipped(distribution, "gantry-log-json-file");
    update("json-file", "gantry-log-json-file", "9.0.1");

    Shell.Outcome refused =
        gantry(
            "gantry:driver-update",
            "json-file",
            DriverJar.broken(shipped, "9.0.2", directory).toString());

    assertNotEquals(0, refused.exitCode(), () -> "a broken driver was accepted: " + refused);
    assertTrue(drivers().contains("9.0.1"), this::drivers);
    assertEquals("1\n", engine.docker("run", "--name", "one", "busybox", "echo", "1"));
    assertEquals("1\n", engine.docker("logs", "one"));

    engine.stop();
    engine.start();
    assertTrue(drivers().contains("9.0.1"), this::drivers);
    assertEquals("1\n", engine.docker("logs", "one"));
  }

  private void update(String driver, String artifact, String version) throws IOException {
    Path jar = DriverJar.withVersion(DriverJar.shipped(distribution, artifact), version, directory);
    gantry("gantry:driver-update", driver, jar.toString()).orFail("update of " + driver);
    String line =
        drivers()
            .lines()
            .filter(l -> l.contains(driver))
            .findFirst()
            .orElse("no line of " + driver);
    assertTrue(line.contains(version), line);
  }

  private String drivers() {
    return gantry("gantry:drivers").orFail("gantry:drivers");
  }

  private Shell.Outcome gantry(String... command) {
    List<String> words =
        new ArrayList<>(
            List.of(distribution.resolve("bin/gantry").toString(), "-H", engine.dockerHost()));
    words.addAll(List.of(command));
    return Shell.run(words, Map.of(), directory, Duration.ofSeconds(60));
  }

  private List<String> identities() {
    return IntStream.range(0, CONTAINERS)
        .mapToObj(
            i ->
                engine.docker(
                    "inspect",
                    "-f",
                    "{{.State.Running}} {{.State.Pid}} {{.RestartCount}}",
                    "c" + i))
        .toList();
  }

  private int count(String what) {
    try (Stream<Path> entries = Files.list(Path.of("/proc/" + engine.pid(), what))) {
      return (int) entries.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
