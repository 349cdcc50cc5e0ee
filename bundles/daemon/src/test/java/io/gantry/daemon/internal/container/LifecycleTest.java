// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import static io.gantry.daemon.internal.container.TestEngine.refuses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.Containers.WaitCondition;
import io.gantry.api.engine.Containers.WaitResult;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The state machine, with the events in the order in which dockerd tells them. */
@Timeout(30)
class LifecycleTest {
  @TempDir Path root;
  private TestEngine engine;

  @BeforeEach
  void start() {
    engine = new TestEngine(root);
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private CompletableFuture<WaitResult> waitFor(String container, WaitCondition condition) {
    return engine.containers.waitFor(container, condition).toCompletableFuture();
  }

  @Test
  void runsToItsEnd() {
    String id = engine.run("one", new Asked());
    assertEquals("RUNNING", engine.status("one"));
    assertEquals(ScriptedTasks.PID, engine.containers.inspect(id).state().pid());
    assertFalse(engine.containers.inspect(id).endpoints().get(0).address().isEmpty());
    CompletableFuture<WaitResult> end = waitFor("one", WaitCondition.NOT_RUNNING);
    assertFalse(end.isDone());

    engine.tasks.exit(id, 3);

    assertEquals("EXITED", engine.status("one"));
    assertEquals(new WaitResult(3, null), end.join());
    assertEquals(3, waitFor("one", WaitCondition.NOT_RUNNING).join().exitCode());
    assertEquals("", engine.containers.inspect(id).endpoints().get(0).address());
    assertEquals(
        List.of(
            "container create",
            "network connect",
            "container start",
            "container die 3",
            "network disconnect"),
        engine.events);
  }

  @Test
  void startsAgainAndNotTwice() {
    String id = engine.run("one", new Asked());
    EngineException twice =
        assertThrows(EngineException.class, () -> engine.containers.start("one"));
    assertEquals(ErrorKind.NOT_MODIFIED, twice.kind());
    engine.tasks.exit(id, 0);
    engine.containers.start("one");
    assertEquals(List.of(id, id), engine.tasks.started);
  }

  @Test
  void stopsByItsSignal() {
    engine.tasks.heeded.add(10);
    Asked asked = new Asked();
    asked.stopSignal = "USR1";
    engine.run("one", asked);
    engine.events.clear();

    engine.containers.stop("one", null, null);

    assertEquals(List.of("10"), engine.tasks.signals);
    assertEquals(138, engine.containers.inspect("one").state().exitCode());
    assertEquals(
        List.of("container kill 10", "container die 138", "network disconnect", "container stop"),
        engine.events);
    EngineException again =
        assertThrows(EngineException.class, () -> engine.containers.stop("one", null, null));
    assertEquals(ErrorKind.NOT_MODIFIED, again.kind());
  }

  @Test
  void killsWhatDoesNotStopInTime() {
    engine.tasks.heeded.remove(Signals.TERM);
    engine.run("one", new Asked());
    engine.containers.stop("one", null, 0);
    assertEquals(List.of("15", "9"), engine.tasks.signals);
    assertEquals(137, engine.containers.inspect("one").state().exitCode());
  }

  @Test
  void restartsKeepingWhatIsRemovedAtItsEnd() {
    Asked asked = new Asked();
    asked.autoRemove = true;
    String id = engine.run("one", asked);
    engine.events.clear();

    engine.containers.restart("one", null, 1);

    assertEquals("RUNNING", engine.status("one"));
    assertEquals(
        List.of(
            "container kill 15",
            "container die 143",
            "network disconnect",
            "container stop",
            "network connect",
            "container start",
            "container restart"),
        engine.events);
    engine.tasks.exit(id, 0);
    assertThrows(EngineException.class, () -> engine.containers.inspect("one"));
  }

  @Test
  void removesItselfAndItsAnonymousVolumes() {
    Asked asked = new Asked();
    asked.autoRemove = true;
    asked.volumes = Set.of("/anonymous");
    asked.binds = List.of("named:/named");
    String id = engine.run("one", asked);
    assertEquals(2, engine.drivers.mounted.size());
    CompletableFuture<WaitResult> end = waitFor("one", WaitCondition.NEXT_EXIT);
    CompletableFuture<WaitResult> removal = waitFor("one", WaitCondition.REMOVED);

    engine.tasks.exit(id, 5);

    assertEquals(5, end.join().exitCode());
    assertEquals(5, removal.join().exitCode());
    refuses(ErrorKind.NOT_FOUND, "No such container: one", () -> engine.containers.inspect("one"));
    assertEquals(Set.of("named"), engine.drivers.volumes.keySet());
    assertEquals(Set.of(), engine.drivers.mounted);
    assertEquals(Set.of(), engine.drivers.snapshots);
    assertEquals(Set.of(id), engine.tasks.forgotten);
    assertEquals("container destroy", engine.events.get(engine.events.size() - 1));
  }

  @Test
  void keepsNamedVolumesAndRefusesToRemoveWhatRuns() {
    Asked asked = new Asked();
    asked.volumes = Set.of("/anonymous");
    String id = engine.run("one", asked);
    refuses(
        ErrorKind.CONFLICT,
        "You cannot remove a running container "
            + id
            + ". Stop the container before attempting removal or force remove",
        () -> engine.containers.remove("one", false, false));
    engine.containers.remove("one", true, false);
    assertEquals(List.of("9"), engine.tasks.signals);
    assertEquals(1, engine.drivers.volumes.size());
  }

  @Test
  void leavesAllAsItWasWhenAStartFails() {
    engine.tasks.startFailure =
        "failed to create shim task: exec: \"nope\": executable file not found in $PATH: unknown";
    engine.create("one", new Asked());
    assertThrows(EngineException.class, () -> engine.containers.start("one"));
    assertEquals("CREATED", engine.status("one"));
    assertEquals(127, engine.containers.inspect("one").state().exitCode());
    assertEquals(engine.tasks.startFailure, engine.containers.inspect("one").state().error());
    assertEquals(
        List.of("container create", "network connect", "network disconnect"), engine.events);

    engine.tasks.startFailure = "exec: \"/etc\": permission denied: unknown";
    assertThrows(EngineException.class, () -> engine.containers.start("one"));
    assertEquals(126, engine.containers.inspect("one").state().exitCode());

    engine.tasks.startFailure = "unable to find user nobody: no matching entries in passwd file";
    assertThrows(EngineException.class, () -> engine.containers.start("one"));
    assertEquals(128, engine.containers.inspect("one").state().exitCode());

    engine.tasks.startFailure = null;
    engine.containers.start("one");
    assertEquals("", engine.containers.inspect("one").state().error());
    assertEquals("RUNNING", engine.status("one"));
  }

  @Test
  void removesWhatCouldNotStartIfItWasToBeRemoved() {
    engine.tasks.startFailure = "exec format error";
    Asked asked = new Asked();
    asked.autoRemove = true;
    engine.create("one", asked);
    CompletableFuture<WaitResult> removal = waitFor("one", WaitCondition.REMOVED);
    assertThrows(EngineException.class, () -> engine.containers.start("one"));
    assertEquals(126, removal.join().exitCode());
    assertEquals(Set.of(), engine.drivers.snapshots);
  }

  @Test
  void restartsByPolicyAsOftenAsItSays() {
    Asked asked = new Asked();
    asked.restart = "on-failure";
    asked.retries = 1;
    String id = engine.run("one", asked);
    engine.tasks.exit(id, 4);
    engine.await("the restart", () -> engine.tasks.started.size() == 2);
    engine.await("its record", () -> engine.status("one").equals("RUNNING"));
    assertEquals(1, engine.containers.inspect("one").restartCount());
    engine.tasks.exit(id, 4);
    assertEquals("EXITED", engine.status("one"));
  }

  @Test
  void doesNotRestartWhatAUserEnded() {
    Asked asked = new Asked();
    asked.restart = "always";
    engine.run("one", asked);
    engine.containers.kill("one", null);
    assertEquals("EXITED", engine.status("one"));
    engine.containers.start("one");
    engine.containers.stop("one", null, null);
    assertEquals("EXITED", engine.status("one"));
  }

  @Test
  void killEndsRestarts() {
    Asked asked = new Asked();
    asked.restart = "always";
    String id = engine.run("one", asked);
    // Ends until the delay is long enough to look at it.
    for (int i = 1; i <= 2; i++) {
      engine.tasks.exit(id, 1);
      int starts = i + 1;
      engine.await("restart " + i, () -> engine.tasks.started.size() == starts);
      engine.await("its record", () -> engine.status("one").equals("RUNNING"));
    }
    engine.tasks.exit(id, 1);
    assertEquals("RESTARTING", engine.status("one"));
    engine.containers.kill("one", "KILL");
    assertEquals("EXITED", engine.status("one"));
    assertEquals(List.of(), engine.tasks.signals);
  }

  @Test
  void refusesToKillWhatDoesNotRun() {
    String id = engine.create("one", new Asked());
    refuses(
        ErrorKind.CONFLICT,
        "Container " + id + " is not running",
        () -> engine.containers.kill("one", null));
  }

  @Test
  void tellsOfOom() {
    String id = engine.run("one", new Asked());
    engine.events.clear();
    engine.tasks.exit(id, 137, 9, true);
    assertTrue(engine.containers.inspect("one").state().oomKilled());
    assertEquals(
        List.of("container oom", "container die 137", "network disconnect"), engine.events);
  }

  @Test
  void goesOnAfterARestartOfTheEngine() {
    String id = engine.run("one", new Asked());
    try (TestEngine again = engine.again("boot-1")) {
      assertEquals("RUNNING", again.status("one"));
      again.tasks.exit(id, 6);
      assertEquals(6, again.containers.inspect("one").state().exitCode());
    }
  }

  @Test
  void reconcilesAfterARebootOfTheMachine() {
    Asked always = new Asked();
    always.restart = "always";
    Asked unlessStopped = new Asked();
    unlessStopped.restart = "unless-stopped";
    engine.run("plain", new Asked());
    engine.run("always", always);
    engine.run("unless", unlessStopped);
    engine.run("stopped", unlessStopped);
    engine.containers.stop("stopped", null, null);
    Asked removed = new Asked();
    removed.autoRemove = true;
    engine.run("removed", removed);
    try (TestEngine again = engine.again("boot-2")) {
      again.await("always", () -> again.status("always").equals("RUNNING"));
      again.await("unless-stopped", () -> again.status("unless").equals("RUNNING"));
      assertEquals("EXITED", again.status("plain"));
      assertEquals(255, again.containers.inspect("plain").state().exitCode());
      assertEquals("EXITED", again.status("stopped"));
      assertThrows(EngineException.class, () -> again.containers.inspect("removed"));
      assertEquals(2, again.tasks.started.size());
    }
  }

  @Test
  void takesOverWhatWasStartedAndNotRecorded() {
    String id = engine.create("one", new Asked());
    String other = engine.run("two", new Asked());
    engine.tasks.running.put(id, engine.tasks.running.get(other));
    try (TestEngine again = engine.again("boot-1")) {
      assertEquals("RUNNING", again.status("one"));
      assertEquals(ScriptedTasks.PID, again.containers.inspect("one").state().pid());
    }
  }

  @Test
  void policiesHoldAfterAShutDownOfTheMachine() {
    Asked asked = new Asked();
    asked.restart = "unless-stopped";
    engine.run("one", asked);
    engine.module.stopAll();
    assertEquals("EXITED", engine.status("one"));
    try (TestEngine again = engine.again("boot-2")) {
      again.await("its start", () -> again.status("one").equals("RUNNING"));
    }
  }
}
