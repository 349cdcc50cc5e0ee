// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.runtime.CreateRequest;
import io.gantry.api.runtime.ExecRequest;
import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.OciRuntime;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.StdioSpec;
import io.gantry.api.runtime.TaskRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an {@link OciRuntime} must do. {@link #open} is called again for each new instance, as after
 * an update of the bundle or a crash of the engine. The containers know {@code sh}, {@code sleep}
 * and {@code true}.
 */
public abstract class OciRuntimeContract {
  private static final int SIGTERM = 15;
  private static final int SIGKILL = 9;
  private static final List<String> LONG = List.of("sleep", "1000");

  @TempDir Path directory;

  private final List<TaskRecord> tasks = new ArrayList<>();

  /** A new instance that knows nothing of those before it but what records tell. */
  protected abstract OciRuntime open();

  /** A container that runs {@code command}, with a name for its cgroup that nobody else has. */
  protected abstract RuntimeSpec spec(String id, List<String> command);

  /** How long a process that must end may take for it. */
  protected Duration patience() {
    return Duration.ofSeconds(20);
  }

  @AfterEach
  void deleteAll() {
    tasks.forEach(open()::delete);
  }

  @Test
  void anEndedProcessTellsItsCode() {
    TaskRecord task = started("sh", "-c", "exit 7");
    ExitStatus status = await(task.init());
    assertEquals(7, status.code());
    assertEquals(0, status.signal());
    assertTrue(status.known());
    assertTrue(Duration.between(status.exitedAt(), Instant.now()).abs().compareTo(patience()) < 0);
    assertEquals(status, open().exitStatus(task.init()).orElseThrow(), "it can be asked again");
  }

  @Test
  void aKilledProcessTellsItsSignal() {
    TaskRecord task = started(LONG);
    assertEquals(Optional.empty(), open().exitStatus(task.init()));
    open().kill(task.init(), SIGKILL);
    ExitStatus status = await(task.init());
    assertEquals(128 + SIGKILL, status.code());
    assertEquals(SIGKILL, status.signal());
  }

  @Test
  void aSignalToWhatHasEndedDoesNothing() {
    TaskRecord task = started("true");
    await(task.init());
    open().kill(task.init(), SIGTERM);
    open().killAll(task);
    assertEquals(0, await(task.init()).code());
  }

  @Test
  void theRecordIsCommittedOnceAndIsTheOneReturned() {
    List<TaskRecord> committed = new ArrayList<>();
    TaskRecord task = create(open(), LONG, committed::add);
    assertEquals(List.of(task), committed);
    assertEquals(Optional.empty(), open().exitStatus(task.init()), "it waits for its start");
  }

  @Test
  void theUsersProgramWaitsForItsStart() throws InterruptedException {
    TaskRecord task = create(open(), List.of("true"), record -> {});
    Thread.sleep(100);
    assertEquals(Optional.empty(), open().exitStatus(task.init()));
    open().start(task);
    assertEquals(0, await(task.init()).code());
  }

  @Test
  void aFailingCommitLeavesNothing() throws IOException {
    OciRuntime runtime = open();
    IllegalStateException full = new IllegalStateException("the store is full");
    List<TaskRecord> seen = new ArrayList<>();
    String id = id();
    IllegalStateException thrown =
        assertThrows(
            IllegalStateException.class,
            () ->
                runtime.create(
                    request(id, LONG),
                    record -> {
                      seen.add(record);
                      throw full;
                    }));
    assertSame(full, thrown);
    assertEquals(1, seen.size());
    assertEquals(List.of(), open().processes(seen.get(0)));
    assertTrue(noFiles(seen.get(0).bundle()), "no file is left");
    TaskRecord again = runtime.create(request(id, List.of("true")), record -> {});
    tasks.add(again);
    runtime.start(again);
    assertEquals(0, await(again.init()).code());
  }

  private static boolean noFiles(Path bundle) throws IOException {
    if (!Files.exists(bundle)) {
      return true;
    }
    try (var files = Files.list(bundle)) {
      return files.findAny().isEmpty();
    }
  }

  @Test
  void aMissingProgramIsRefused() {
    TaskRecord task = create(open(), List.of("no-such-program"), record -> {});
    EngineException refused = assertThrows(EngineException.class, () -> open().start(task));
    assertEquals(ErrorKind.INVALID, refused.kind());
    assertTrue(
        refused.getMessage().contains("executable file not found in $PATH"), refused.getMessage());
    await(task.init());
  }

  @Test
  void eachStepMayBeTakenByAnotherInstance() {
    TaskRecord task = create(open(), LONG, record -> {});
    open().start(task);
    ProcessRecord exec = exec(open(), task, record -> {}, LONG);
    open().kill(exec, SIGTERM);
    assertEquals(SIGTERM, await(exec).signal());
    open().release(exec);
    open().kill(task.init(), SIGKILL);
    assertEquals(SIGKILL, await(task.init()).signal());
  }

  @Test
  void deletingEndsWhatRunsAndCanBeRepeated() {
    TaskRecord task = started(LONG);
    open().delete(task);
    assertEquals(List.of(), open().processes(task));
    open().delete(task);
    open().release(task.init());
    open().kill(task.init(), SIGKILL);
  }

  @Test
  void aContainerCanBeDeletedBeforeItsStart() {
    TaskRecord task = create(open(), LONG, record -> {});
    open().delete(task);
    assertEquals(List.of(), open().processes(task));
  }

  @Test
  void processesAreListed() {
    TaskRecord task = started(LONG);
    ProcessRecord exec = exec(open(), task, record -> {}, LONG);
    List<Integer> pids = open().processes(task);
    assertTrue(pids.contains(task.init().process().pid()), pids + " has the init");
    assertTrue(pids.contains(exec.process().pid()), pids + " has the exec process");
    assertFalse(pids.contains(task.init().shim().pid()), pids + " has not the shim");
    assertEquals(2, pids.size());
    open().kill(exec, SIGKILL);
    await(exec);
    open().release(exec);
  }

  @Test
  void anExecProcessEndsByItself() {
    TaskRecord task = started(LONG);
    List<ProcessRecord> committed = new ArrayList<>();
    ProcessRecord exec = exec(open(), task, committed::add, List.of("sh", "-c", "exit 3"));
    assertEquals(List.of(exec), committed);
    assertEquals(3, await(exec).code());
    open().release(exec);
    open().release(exec);
    assertEquals(Optional.empty(), open().exitStatus(task.init()), "the container goes on");
  }

  @Test
  void aFailingExecLeavesTheContainerAsItWas() {
    TaskRecord task = started(LONG);
    EngineException refused =
        assertThrows(
            EngineException.class,
            () -> exec(open(), task, record -> {}, List.of("no-such-program")));
    assertEquals(ErrorKind.INVALID, refused.kind());
    assertThrows(
        IllegalStateException.class,
        () ->
            exec(
                open(),
                task,
                record -> {
                  throw new IllegalStateException("the store is full");
                },
                LONG));
    assertEquals(List.of(task.init().process().pid()), open().processes(task));
  }

  @Test
  void nothingIsExecutedInAContainerThatHasEnded() {
    TaskRecord task = started("true");
    await(task.init());
    EngineException refused =
        assertThrows(
            EngineException.class, () -> exec(open(), task, record -> {}, List.of("true")));
    assertEquals(ErrorKind.CONFLICT, refused.kind());
  }

  @Test
  void allProcessesCanBeKilledAtOnce() {
    TaskRecord task = started(LONG);
    ProcessRecord exec = exec(open(), task, record -> {}, LONG);
    open().killAll(task);
    assertEquals(SIGKILL, await(task.init()).signal());
    assertEquals(SIGKILL, await(exec).signal());
    open().release(exec);
  }

  @Test
  void itTellsWhatItIs() {
    assertFalse(open().features().version().isBlank());
    assertFalse(open().features().ociVersion().isBlank());
  }

  private static String id() {
    return "tck" + UUID.randomUUID().toString().replace("-", "");
  }

  private TaskRecord started(String... command) {
    return started(List.of(command));
  }

  private TaskRecord started(List<String> command) {
    OciRuntime runtime = open();
    TaskRecord task = create(runtime, command, record -> {});
    runtime.start(task);
    return task;
  }

  private TaskRecord create(
      OciRuntime runtime, List<String> command, Consumer<TaskRecord> committer) {
    TaskRecord task = runtime.create(request(id(), command), committer);
    tasks.add(task);
    return task;
  }

  private CreateRequest request(String id, List<String> command) {
    return new CreateRequest(
        id, directory.resolve(id), spec(id, command), new StdioSpec(false, false, 0));
  }

  private ProcessRecord exec(
      OciRuntime runtime,
      TaskRecord task,
      Consumer<ProcessRecord> committer,
      List<String> command) {
    String id = id();
    return runtime.exec(
        task,
        new ExecRequest(
            id,
            directory.resolve(id),
            spec(id, command).process(),
            new StdioSpec(false, false, 0),
            false),
        committer);
  }

  private ExitStatus await(ProcessRecord process) {
    Instant deadline = Instant.now().plus(patience());
    OciRuntime runtime = open();
    while (true) {
      Optional<ExitStatus> status = runtime.exitStatus(process);
      if (status.isPresent()) {
        return status.get();
      }
      assertTrue(Instant.now().isBefore(deadline), "the process has not ended");
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        throw new AssertionError("interrupted", e);
      }
    }
  }
}
