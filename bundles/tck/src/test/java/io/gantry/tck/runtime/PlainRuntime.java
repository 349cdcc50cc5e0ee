// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.runtime;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.CreateRequest;
import io.gantry.api.runtime.ExecRequest;
import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.OciRuntime;
import io.gantry.api.runtime.ProcessIdentity;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.RuntimeFeatures;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.ShimDescriptors;
import io.gantry.api.runtime.TaskRecord;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A runtime whose processes are entries of a map, which stands for the kernel. */
class PlainRuntime implements OciRuntime {
  private static final int SIGKILL = 9;

  /** All processes that there ever were, by pid. */
  static final class Kernel {
    private final Map<Integer, Entry> processes = new HashMap<>();
    private int lastPid;
  }

  /** A process; {@code status} is null while it runs. */
  private static final class Entry {
    final String task;
    final List<String> args;
    ExitStatus status;

    Entry(String task, List<String> args) {
      this.task = task;
      this.args = args;
    }

    void end(int code, int signal) {
      if (status == null) {
        status = new ExitStatus(code, signal, false, true, Instant.now());
      }
    }
  }

  final Kernel kernel;

  PlainRuntime(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public RuntimeFeatures features() {
    return new RuntimeFeatures("1", "", RuntimeSpec.OCI_VERSION, List.of(), Map.of());
  }

  @Override
  public TaskRecord create(CreateRequest request, Consumer<TaskRecord> committer) {
    ProcessRecord init = spawn(request.id(), request.spec().process().args(), request.bundle());
    TaskRecord task = new TaskRecord(request.id(), request.bundle(), init, Map.of());
    commit(init, () -> committer.accept(task));
    return task;
  }

  private ProcessRecord spawn(String task, List<String> args, Path directory) {
    int pid = kernel.lastPid += 2;
    kernel.processes.put(pid, new Entry(task, args));
    return new ProcessRecord(
        new ProcessIdentity(pid + 1, 1),
        new ProcessIdentity(pid, 1),
        false,
        new ShimDescriptors(-1, -1, -1, -1, -1, -1),
        directory.resolve("exit"));
  }

  private void commit(ProcessRecord process, Runnable commit) {
    boolean committed = false;
    try {
      commit.run();
      committed = true;
    } finally {
      if (!committed) {
        kill(process, SIGKILL);
      }
    }
  }

  @Override
  public void start(TaskRecord task) {
    run(entry(task.init()));
  }

  void run(Entry entry) {
    List<String> args = entry.args;
    switch (args.get(0)) {
      case "true" -> entry.end(0, 0);
      case "sh" -> entry.end(Integer.parseInt(args.get(2).replace("exit ", "")), 0);
      case "sleep" -> {
        // until it is killed
      }
      default -> {
        entry.end(127, 0);
        throw EngineException.invalid(
            "exec: \"" + args.get(0) + "\": executable file not found in $PATH");
      }
    }
  }

  @Override
  public ProcessRecord exec(
      TaskRecord task, ExecRequest request, Consumer<ProcessRecord> committer) {
    if (entry(task.init()).status != null) {
      throw EngineException.conflict("container " + task.id() + " is not running");
    }
    ProcessRecord process = spawn(task.id(), request.process().args(), request.directory());
    commit(process, () -> committer.accept(process));
    run(entry(process));
    return process;
  }

  private Entry entry(ProcessRecord process) {
    return kernel.processes.get(process.process().pid());
  }

  @Override
  public void kill(ProcessRecord process, int signal) {
    entry(process).end(128 + signal, signal);
  }

  @Override
  public void killAll(TaskRecord task) {
    kernel.processes.values().stream()
        .filter(entry -> entry.task.equals(task.id()))
        .forEach(entry -> entry.end(128 + SIGKILL, SIGKILL));
  }

  @Override
  public Optional<ExitStatus> exitStatus(ProcessRecord process) {
    return Optional.ofNullable(entry(process).status);
  }

  @Override
  public void release(ProcessRecord process) {
    kill(process, SIGKILL);
  }

  @Override
  public void delete(TaskRecord task) {
    killAll(task);
  }

  @Override
  public List<Integer> processes(TaskRecord task) {
    return kernel.processes.entrySet().stream()
        .filter(e -> e.getValue().task.equals(task.id()) && e.getValue().status == null)
        .map(Map.Entry::getKey)
        .toList();
  }
}
