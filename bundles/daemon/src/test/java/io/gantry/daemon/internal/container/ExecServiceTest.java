// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import static io.gantry.daemon.internal.container.TestEngine.refuses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.ExecDetails;
import io.gantry.api.engine.ExecSpec;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ExecServiceTest {
  @TempDir Path root;
  private TestEngine engine;
  private String container;

  @BeforeEach
  void start() {
    engine = new TestEngine(root);
    container = engine.run("one", new Asked());
    engine.events.clear();
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private static ExecSpec spec(String... words) {
    return new ExecSpec(
        List.of(words), List.of(), null, null, false, false, true, true, false, null);
  }

  @Test
  void runsToItsEnd() {
    String id = engine.execs.create("one", spec("ls", "-l"));
    assertFalse(engine.execs.inspect(id).running());
    assertNull(engine.execs.inspect(id).exitCode());
    engine.execs.start(id, null, null, null);
    ExecDetails running = engine.execs.inspect(id);
    assertTrue(running.running());
    assertEquals(ScriptedTasks.PID + 1, running.pid());

    engine.tasks.exitExec(container, id, 4);

    assertFalse(engine.execs.inspect(id).running());
    assertEquals(4, engine.execs.inspect(id).exitCode());
    assertEquals(
        List.of(
            "container exec_create: ls -l", "container exec_start: ls -l", "container exec_die 4"),
        engine.events);
  }

  @Test
  void startsOnce() {
    String id = engine.execs.create("one", spec("ls"));
    engine.execs.start(id, null, null, null);
    refuses(
        ErrorKind.CONFLICT,
        "Error: Exec command " + id + " is already running",
        () -> engine.execs.start(id, null, null, null));
    engine.tasks.exitExec(container, id, 0);
    refuses(
        ErrorKind.CONFLICT,
        "Error: Exec command " + id + " has already run",
        () -> engine.execs.start(id, null, null, null));
  }

  @Test
  void keepsTheCodeOfWhatCouldNotStart() {
    engine.tasks.execFailure = "exec: \"nope\": executable file not found in $PATH: unknown";
    String id = engine.execs.create("one", spec("nope"));
    assertThrows(EngineException.class, () -> engine.execs.start(id, null, null, null));
    assertEquals(126, engine.execs.inspect(id).exitCode());
    engine.tasks.execFailure = "exec: \"/etc\": permission denied: unknown";
    String second = engine.execs.create("one", spec("/etc"));
    assertThrows(EngineException.class, () -> engine.execs.start(second, null, null, null));
    assertEquals(126, engine.execs.inspect(second).exitCode());
    assertFalse(engine.execs.inspect(second).running());
  }

  @Test
  void needsARunningContainer() {
    String early = engine.execs.create("one", spec("ls"));
    engine.tasks.exit(container, 0);
    refuses(
        ErrorKind.CONFLICT,
        "Container " + container + " is not running",
        () -> engine.execs.create("one", spec("ls")));
    // Those that did not run go with the run of their container.
    refuses(
        ErrorKind.NOT_FOUND, "No such exec instance: " + early, () -> engine.execs.inspect(early));
    refuses(
        ErrorKind.NOT_FOUND,
        "No such exec instance: none",
        () -> engine.execs.start("none", null, null, null));
  }

  @Test
  void waitsForTheRestartOfItsContainer() {
    Asked asked = new Asked();
    asked.restart = "always";
    String id = engine.run("two", asked);
    for (int starts = 2; starts <= 4; starts++) {
      engine.tasks.exit(id, 1);
      int expected = starts + 1;
      if (starts < 4) {
        engine.await("a restart", () -> engine.tasks.started.size() == expected);
        engine.await("its record", () -> engine.status("two").equals("RUNNING"));
      }
    }
    refuses(
        ErrorKind.CONFLICT,
        "Container " + id + " is restarting, wait until the container is running",
        () -> engine.execs.create("two", spec("ls")));
  }
}
