// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.ContainerState.Status;
import io.gantry.api.engine.ExecDetails;
import io.gantry.api.engine.ExecSpec;
import io.gantry.api.engine.Execs;
import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.stream.OutputSink;
import io.gantry.core.task.TaskService;
import io.gantry.daemon.internal.Ids;
import io.gantry.daemon.internal.spec.SpecBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Exec processes. They are not stored: an engine that starts anew knows those that run from their
 * tasks alone.
 */
public final class ExecService implements Execs, Lifecycle.Execs {
  private static final int NOT_STARTED_EXIT = 126;

  private final ContainerStore store;
  private final ContainerDirectory directory;
  private final TaskService tasks;
  private final SpecBuilder specs;
  private final ContainerEvents events;
  private final Map<String, Exec> execs = new ConcurrentHashMap<>();

  private static final class Exec {
    final String id;
    final String containerId;
    final ExecSpec spec;
    boolean started;
    boolean running;
    Integer exitCode;

    Exec(String id, String containerId, ExecSpec spec) {
      this.id = id;
      this.containerId = containerId;
      this.spec = spec;
    }
  }

  ExecService(
      ContainerStore store,
      ContainerDirectory directory,
      TaskService tasks,
      SpecBuilder specs,
      ContainerEvents events) {
    this.store = store;
    this.directory = directory;
    this.tasks = tasks;
    this.specs = specs;
    this.events = events;
  }

  @Override
  public String create(String container, ExecSpec spec) {
    Container found = store.find(container);
    requireRunning(found.record);
    String id = Ids.next();
    execs.put(id, new Exec(id, found.record.id(), spec));
    events.publish("exec_create: " + commandLine(spec), found.record, Map.of("execID", id));
    return id;
  }

  private static void requireRunning(ContainerRecord record) {
    if (record.state().status() == Status.RESTARTING) {
      throw EngineException.conflict(
          "Container " + record.id() + " is restarting, wait until the container is running");
    }
    if (!record.state().running()) {
      throw EngineException.conflict("Container " + record.id() + " is not running");
    }
  }

  private Exec find(String id) {
    Exec exec = execs.get(id);
    if (exec == null) {
      throw EngineException.notFound("No such exec instance: " + id);
    }
    return exec;
  }

  @Override
  public AttachedStreams start(String execId, OutputSink output, Integer height, Integer width) {
    Exec exec = find(execId);
    ContainerRecord record = store.find(exec.containerId).record;
    requireRunning(record);
    synchronized (exec) {
      if (exec.started) {
        throw EngineException.conflict(
            "Error: Exec command "
                + exec.id
                + " "
                + (exec.running ? "is already running" : "has already run"));
      }
      exec.started = true;
      exec.running = true;
    }
    ExecSpec spec = exec.spec;
    RuntimeSpec.Process process =
        sized(
            specs.exec(record.details(directory), record.spec().identity().hostname(), spec),
            height,
            width);
    String user =
        spec.user() == null || spec.user().isEmpty() ? record.spec().process().user() : spec.user();
    boolean attached = output != null;
    AttachRequest request =
        new AttachRequest(
            false,
            true,
            attached && spec.attachStdin(),
            attached && spec.attachStdout(),
            attached && spec.attachStderr(),
            spec.detachKeys());
    events.publish("exec_start: " + commandLine(spec), record, Map.of("execID", exec.id));
    try {
      return tasks.exec(
          record.id(),
          exec.id,
          process,
          user == null ? "" : user,
          record.spec().security().groupAdd(),
          spec.privileged(),
          request,
          output);
    } catch (EngineException e) {
      synchronized (exec) {
        exec.running = false;
        exec.exitCode = NOT_STARTED_EXIT;
      }
      throw e;
    }
  }

  /** As dockerd writes it: a space after the program, also where no argument follows. */
  private static String commandLine(ExecSpec spec) {
    return spec.cmd().get(0) + " " + String.join(" ", spec.cmd().subList(1, spec.cmd().size()));
  }

  private static RuntimeSpec.Process sized(RuntimeSpec.Process p, Integer height, Integer width) {
    if (height == null || width == null) {
      return p;
    }
    return new RuntimeSpec.Process(
        p.terminal(),
        new RuntimeSpec.ConsoleSize(height, width),
        p.user(),
        p.args(),
        p.env(),
        p.cwd(),
        p.capabilities(),
        p.rlimits(),
        p.noNewPrivileges(),
        p.oomScoreAdj(),
        p.apparmorProfile());
  }

  @Override
  public void resize(String execId, int height, int width) {
    Exec exec = find(execId);
    tasks.resizeExec(exec.containerId, exec.id, height, width);
  }

  @Override
  public ExecDetails inspect(String execId) {
    Exec exec = find(execId);
    synchronized (exec) {
      int pid = 0;
      if (exec.running) {
        try {
          pid = tasks.execPid(exec.containerId, exec.id);
        } catch (EngineException e) {
          pid = 0; // it is just starting, or has just ended
        }
      }
      return new ExecDetails(
          exec.id, exec.containerId, exec.spec, exec.running, exec.exitCode, pid);
    }
  }

  @Override
  public void ended(String execId, ExitStatus status) {
    Exec exec = execs.get(execId);
    if (exec == null) {
      return;
    }
    synchronized (exec) {
      exec.running = false;
      exec.exitCode = status.code();
    }
    Container container = store.byId(exec.containerId);
    if (container != null) {
      events.publish(
          "exec_die",
          container.record,
          Map.of("execID", execId, "exitCode", Integer.toString(status.code())));
    }
  }

  /** Ended exec processes can be asked for until their container ends. */
  @Override
  public void containerEnded(String containerId) {
    execs.values().removeIf(exec -> exec.containerId.equals(containerId) && !exec.running);
  }
}
