// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.supervisor.internal.io.ProcessStreams;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** A further process in a task. */
final class ExecProcess extends SupervisedProcess {
  private final Task task;
  private final String id;
  private final Path directory;
  private final CompletableFuture<Void> reported = new CompletableFuture<>();
  private volatile ProcessRecord record;

  ExecProcess(Task task, String id, Path directory, ProcessStreams streams) {
    super(task.context, task.request().runtime(), streams);
    this.task = task;
    this.id = id;
    this.directory = directory;
  }

  String id() {
    return id;
  }

  void record(ProcessRecord started) {
    record = started;
  }

  @Override
  ProcessRecord process() {
    return record;
  }

  /** Completes when its end was told. */
  CompletableFuture<Void> reported() {
    return reported;
  }

  @Override
  void report(ExitStatus status) {
    try {
      task.listener().onExecExit(task.id(), id, status);
      Directories.markTold(directory);
    } finally {
      streams.letGo();
      reported.complete(null);
    }
  }

  @Override
  void clean() {
    withRuntime(
        runtime -> {
          runtime.release(record);
          return null;
        });
    give();
  }

  @Override
  void give() {
    reported.complete(null);
    task.removeExec(id);
    Directories.delete(directory);
  }
}
