// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.state.Durability;
import io.gantry.core.task.TaskListener;
import io.gantry.core.task.TaskRequest.StdinMode;
import io.gantry.core.task.TaskState;
import io.gantry.supervisor.internal.io.PositionFile;
import io.gantry.supervisor.internal.io.ProcessStreams;
import io.gantry.supervisor.internal.io.ShimHandle;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes over one task that an earlier engine has left. */
final class Adoption {
  private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

  /** As docker shows a container that went down with the machine. */
  private static final int LOST_WITH_MACHINE = 255;

  private final SupervisorContext context;
  private final CompletableFuture<TaskListener> listener;

  Adoption(SupervisorContext context, CompletableFuture<TaskListener> listener) {
    this.context = context;
    this.listener = listener;
  }

  /**
   * @param adopted gets the task if it is to be supervised, before its end can be noticed
   */
  void adopt(TaskState state, Consumer<Task> adopted) {
    String id = state.request().id();
    if (!BootId.current().equals(state.bootId())) {
      endedWithMachine(state);
      return;
    }
    Path directory = context.directoryOf(id);
    Path kept = TaskStarter.positionDirectory(state.request());
    boolean started = PositionFile.read(kept).map(PositionFile.State::started).orElse(false);
    if (!started || Directories.told(directory)) {
      discard(state, started);
      return;
    }
    ProcessStreams streams =
        new ProcessStreams(context.streams(), state.record().init().terminal());
    PositionFile positions = PositionFile.open(kept);
    Task task = new Task(context, state.request(), listener, positions, streams, null);
    task.restore(state.record(), state.attachments());
    Directories.create(directory);
    ShimHandle handle = ShimHandle.take(state.record().init());
    task.handle(handle);
    CompletableFuture<Void> unused =
        streams.connect(
            handle, state.request().stdin(), directory, state.request().log(), positions);
    state.execs().forEach((execId, record) -> adoptExec(task, execId, record));
    adopted.accept(task);
    task.execs().forEach(SupervisedProcess::watch);
    task.watch();
  }

  private void adoptExec(Task task, String execId, ProcessRecord record) {
    Path directory = ExecStarter.directory(context, task.id(), execId);
    ProcessStreams streams = new ProcessStreams(context.streams(), record.terminal());
    ExecProcess exec = new ExecProcess(task, execId, directory, streams);
    exec.record(record);
    task.restoreExec(exec);
    if (Directories.told(directory)) {
      exec.clean();
      return;
    }
    Directories.create(directory);
    ShimHandle handle = ShimHandle.take(record);
    exec.handle(handle);
    // Its client has gone with the engine: stdin ends for it.
    CompletableFuture<Void> unused =
        streams.connect(handle, StdinMode.OPEN_ONCE, directory, null, null);
  }

  /**
   * Its end was told and its clean-up cut short; or its program was never let go, and the start is
   * taken back as if it had failed.
   */
  private void discard(TaskState state, boolean started) {
    String id = state.request().id();
    LOG.info("The {} of task {} was cut short; it is completed", started ? "end" : "start", id);
    new TaskNetwork(context.drivers()).detach(state.request().endpoints());
    Task task =
        new Task(
            context,
            state.request(),
            listener,
            null,
            new ProcessStreams(context.streams(), false),
            null);
    task.restore(state.record(), state.attachments());
    state
        .execs()
        .forEach(
            (execId, record) -> {
              ExecProcess exec =
                  new ExecProcess(
                      task, execId, ExecStarter.directory(context, id, execId), task.streams);
              exec.record(record);
              task.restoreExec(exec);
            });
    task.discard();
    Directories.delete(context.directoryOf(id));
  }

  private void endedWithMachine(TaskState state) {
    String id = state.request().id();
    Instant now = Instant.now();
    ExitStatus status = new ExitStatus(LOST_WITH_MACHINE, 0, false, false, now);
    for (String execId : state.execs().keySet()) {
      listener.join().onExecExit(id, execId, status);
    }
    listener.join().onExit(id, status, false);
    try {
      context
          .drivers()
          .call(
              DriverKind.RUNTIME,
              state.request().runtime(),
              runtime -> {
                runtime.delete(state.record());
                return null;
              });
    } catch (RuntimeException e) {
      LOG.warn("Nothing could be deleted of task {}, which ended with the machine", id, e);
    }
    context.states().delete(id, Durability.PROCESS);
    Directories.delete(context.directoryOf(id));
  }
}
