// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.LogSink;
import io.gantry.api.engine.LogsRequest;
import io.gantry.api.error.EngineException;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.Subscription;
import io.gantry.core.task.TaskListener;
import io.gantry.core.task.TaskRequest;
import io.gantry.core.task.TaskService;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tasks that run until a test, or a signal that they heed, ends them. */
final class ScriptedTasks implements TaskService {
  static final int PID = 4242;

  final Map<String, TaskRequest> running = new ConcurrentHashMap<>();
  final List<String> signals = new CopyOnWriteArrayList<>();
  final List<String> started = new CopyOnWriteArrayList<>();
  final Set<String> forgotten = new ConcurrentSkipListSet<>();
  final Set<Integer> heeded = new ConcurrentSkipListSet<>(Set.of(Signals.KILL, Signals.TERM));
  volatile String startFailure;
  volatile String execFailure;
  private volatile TaskListener listener;

  /** The process ended with {@code code}. */
  void exit(String id, int code) {
    exit(id, code, 0, false);
  }

  void exit(String id, int code, int signal, boolean oomKilled) {
    running.remove(id);
    listener.onExit(id, new ExitStatus(code, signal, false, true, Instant.now()), oomKilled);
  }

  void exitExec(String id, String execId, int code) {
    listener.onExecExit(id, execId, new ExitStatus(code, 0, false, true, Instant.now()));
  }

  private void require(String id) {
    if (!running.containsKey(id)) {
      throw EngineException.notFound("no task " + id);
    }
  }

  @Override
  public StartedTask start(TaskRequest request) {
    if (startFailure != null) {
      throw EngineException.invalid(startFailure);
    }
    running.put(request.id(), request);
    started.add(request.id());
    return new StartedTask(PID, List.of());
  }

  @Override
  public void kill(String taskId, int signal) {
    signals.add(Integer.toString(signal));
    require(taskId);
    if (heeded.contains(signal)) {
      exit(taskId, 128 + signal, signal, false);
    }
  }

  @Override
  public void killAll(String taskId) {
    kill(taskId, Signals.KILL);
  }

  @Override
  public boolean running(String taskId) {
    return running.containsKey(taskId);
  }

  @Override
  public int pid(String taskId) {
    require(taskId);
    return PID;
  }

  @Override
  public List<Integer> processes(String taskId) {
    return List.of(PID);
  }

  @Override
  public AttachedStreams attach(
      String taskId, boolean terminal, AttachRequest request, OutputSink output) {
    return new AttachedStreams(null, terminal, () -> {});
  }

  @Override
  public void resize(String taskId, int height, int width) {
    require(taskId);
  }

  @Override
  public AttachedStreams exec(
      String taskId,
      String execId,
      RuntimeSpec.Process process,
      String user,
      List<String> groups,
      boolean privileged,
      AttachRequest request,
      OutputSink output) {
    require(taskId);
    if (execFailure != null) {
      throw EngineException.invalid(execFailure);
    }
    return new AttachedStreams(null, false, () -> {});
  }

  @Override
  public int execPid(String taskId, String execId) {
    require(taskId);
    return PID + 1;
  }

  @Override
  public void resizeExec(String taskId, String execId, int height, int width) {
    require(taskId);
  }

  @Override
  public Subscription logs(
      String taskId, String driver, LogTarget target, LogsRequest request, LogSink sink) {
    return () -> {};
  }

  @Override
  public void forget(String taskId, String driver, LogTarget target) {
    forgotten.add(taskId);
  }

  @Override
  public void adopt(TaskListener tells) {
    listener = tells;
  }
}
