// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.api.network.Attachment;
import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.TaskRecord;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.state.Durability;
import io.gantry.core.task.TaskListener;
import io.gantry.core.task.TaskRequest;
import io.gantry.core.task.TaskState;
import io.gantry.linux.Fd;
import io.gantry.supervisor.internal.io.PositionFile;
import io.gantry.supervisor.internal.io.ProcessStreams;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running task: its record in the store, its exec processes, and its end. What a client waits for
 * comes first at the end: output, then the listener; the runtime's files, the state and the mount
 * go after.
 */
final class Task extends SupervisedProcess {
  private static final Logger LOG = LoggerFactory.getLogger(Task.class);

  /** Exec processes die with the init; their ends are told before the task's own. */
  private static final Duration EXEC_PATIENCE = Duration.ofSeconds(2);

  private final TaskRequest request;
  private final CompletableFuture<TaskListener> listener;
  private final PositionFile positions;
  private final Map<String, ExecProcess> execs = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> reported = new CompletableFuture<>();
  private final CompletableFuture<Void> cleaned = new CompletableFuture<>();
  private volatile TaskRecord record;
  private volatile List<Attachment> attachments = List.of();
  private volatile Fd root;
  private boolean deleted;

  /**
   * @param request as it is stored
   * @param root holds the root's file system, so that it is written out off everybody's path; null
   *     if the task was taken over
   */
  Task(
      SupervisorContext context,
      TaskRequest request,
      CompletableFuture<TaskListener> listener,
      PositionFile positions,
      ProcessStreams streams,
      Fd root) {
    super(context, request.runtime(), streams);
    this.request = request;
    this.listener = listener;
    this.positions = positions;
    this.root = root;
  }

  String id() {
    return request.id();
  }

  TaskRequest request() {
    return request;
  }

  TaskRecord record() {
    return record;
  }

  List<Attachment> attachments() {
    return attachments;
  }

  TaskListener listener() {
    return listener.join();
  }

  @Override
  ProcessRecord process() {
    return record.init();
  }

  /** Completes when the end was told. */
  CompletableFuture<Void> reported() {
    return reported;
  }

  /** Completes when nothing of the task is left. */
  CompletableFuture<Void> cleaned() {
    return cleaned;
  }

  /** Takes the record, without storing it. */
  void restore(TaskRecord created, List<Attachment> attached) {
    record = created;
    attachments = attached;
  }

  /** Stores the record: from now on a new engine finds it. */
  void commit(TaskRecord created, List<Attachment> attached) {
    restore(created, attached);
    save();
  }

  ExecProcess exec(String execId) {
    return execs.get(execId);
  }

  List<ExecProcess> execs() {
    return List.copyOf(execs.values());
  }

  /** Takes an exec process without storing it. */
  void restoreExec(ExecProcess exec) {
    execs.put(exec.id(), exec);
  }

  void addExec(ExecProcess exec) {
    execs.put(exec.id(), exec);
    save();
  }

  void removeExec(String execId) {
    if (execs.remove(execId) != null) {
      save();
    }
  }

  private synchronized void save() {
    if (deleted) {
      return;
    }
    Map<String, ProcessRecord> records = new TreeMap<>();
    execs.forEach((execId, exec) -> records.put(execId, exec.process()));
    context
        .states()
        .put(
            id(),
            new TaskState(request, record, BootId.current(), attachments, records),
            Durability.PROCESS);
  }

  private synchronized void unsave() {
    deleted = true;
    context.states().delete(id(), Durability.PROCESS);
  }

  @Override
  CompletableFuture<Void> beforeReport() {
    CompletableFuture<Void> ends =
        CompletableFuture.allOf(
            execs.values().stream()
                .map(ExecProcess::reported)
                .toArray(CompletableFuture<?>[]::new));
    if (!ends.isDone()) {
      context.streams().events().schedule(EXEC_PATIENCE, () -> ends.complete(null));
    }
    return ends;
  }

  @Override
  void report(ExitStatus status) {
    boolean oomKilled = OomCounter.killed(request.spec().linux().cgroupsPath());
    new TaskNetwork(context.drivers()).detach(request.endpoints());
    try {
      listener().onExit(id(), status, oomKilled);
      // What comes next takes the exit record away: a new engine must not ask for it again.
      Directories.markTold(context.directoryOf(id()));
    } catch (RuntimeException e) {
      LOG.error("The end of task {} was not taken well", id(), e);
    }
    reported.complete(null);
  }

  @Override
  void clean() {
    withRuntime(
        runtime -> {
          runtime.delete(record);
          return null;
        });
    give();
  }

  @Override
  void give() {
    reported.complete(null);
    try {
      releaseLog();
      unsave();
      Directories.delete(context.directoryOf(id()));
    } finally {
      closeRoot();
    }
  }

  private void releaseLog() {
    positions.close();
    if (request.log() == null) {
      return;
    }
    try {
      if (context.drivers().names(DriverKind.LOG).contains(request.log().driver())) {
        context
            .drivers()
            .call(
                DriverKind.LOG,
                request.log().driver(),
                driver -> {
                  driver.release(request.log().target());
                  return null;
                });
      }
    } catch (RuntimeException e) {
      LOG.debug("Releasing the log of task {} failed; it is a cache only", id(), e);
    }
  }

  private void closeRoot() {
    Fd held = root;
    root = null;
    if (held == null) {
      cleaned.complete(null);
      return;
    }
    context
        .cleaners()
        .execute(
            () -> {
              held.close();
              cleaned.complete(null);
            });
  }

  /** Takes away what is left of a task that nobody is to be told of. */
  void discard() {
    if (record != null) {
      execs.values().forEach(ExecProcess::clean);
      withRuntime(
          runtime -> {
            runtime.delete(record);
            return null;
          });
      unsave();
    }
  }

  /** Lets go of descriptors; the task goes on. */
  void leave() {
    abandon();
    execs.values().forEach(SupervisedProcess::abandon);
    positions.close();
    Fd held = root;
    if (held != null) {
      held.close();
    }
  }

  PositionFile positions() {
    return positions;
  }
}
