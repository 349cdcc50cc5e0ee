// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.LogSink;
import io.gantry.api.engine.LogsRequest;
import io.gantry.api.error.EngineException;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.logging.ReadableLog;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.Subscription;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.settings.Settings;
import io.gantry.core.state.StateStore;
import io.gantry.core.task.TaskListener;
import io.gantry.core.task.TaskRequest;
import io.gantry.core.task.TaskService;
import io.gantry.core.task.TaskState;
import io.gantry.linux.event.EventLoop;
import io.gantry.linux.event.EventScope;
import io.gantry.linux.netlink.NetworkNamespaces;
import io.gantry.supervisor.internal.io.BufferPool;
import io.gantry.supervisor.internal.io.LogDelivery;
import io.gantry.supervisor.internal.io.PositionFile;
import io.gantry.supervisor.internal.io.ProcessStreams;
import io.gantry.supervisor.internal.io.StreamContext;
import io.gantry.supervisor.internal.rootfs.PrivateMounts;
import io.gantry.supervisor.internal.rootfs.SnapshotMount;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The task service. One loop thread and three small pools serve all tasks; a task is a record and a
 * few registrations.
 */
@Component(service = TaskService.class)
public final class TaskSupervisor implements TaskService {
  private static final Logger LOG = LoggerFactory.getLogger(TaskSupervisor.class);
  private static final String TABLE = "tasks";
  private static final int SPARE_NAMESPACES = 2;
  private static final int LOG_THREADS = 4;
  private static final int WORKERS = 4;
  private static final int CLEANERS = 2;
  private static final int CLOSE_SECONDS = 1;
  private static final int ADOPT_SECONDS = 20;
  private static final int CLEAN_UP_SECONDS = 30;

  private final EventLoop loop;
  private final EventScope events;
  private final ThreadPoolExecutor logWorkers = Workers.pool("gantry-log", LOG_THREADS);
  private final ThreadPoolExecutor workers = Workers.pool("gantry-task", WORKERS);
  private final ThreadPoolExecutor cleaners = Workers.pool("gantry-clean", CLEANERS);
  private final NetworkNamespaces namespaces;
  private final PrivateMounts privateMounts;
  private final SupervisorContext context;
  private final CompletableFuture<TaskListener> listener = new CompletableFuture<>();
  private final Map<String, Task> tasks = new HashMap<>();
  private final Map<String, ProcessStreams> early = new HashMap<>();
  private final Set<String> starting = new HashSet<>();

  @Activate
  public TaskSupervisor(
      @Reference DriverRegistry drivers,
      @Reference StateStore store,
      @Reference Settings settings) {
    Path directory = settings.execRoot().resolve("tasks");
    Directories.create(directory);
    loop =
        new EventLoop(
            "gantry-loop",
            (owner, failure) -> LOG.error("A handler of {} on the loop failed", owner, failure));
    events = loop.scope("supervisor");
    namespaces = new NetworkNamespaces(SPARE_NAMESPACES);
    privateMounts = new PrivateMounts(settings.execRoot().resolve("mount"));
    context =
        new SupervisorContext(
            drivers,
            store.table(TABLE, TaskState.class),
            directory,
            new StreamContext(events, logWorkers, new BufferPool(), drivers),
            workers,
            cleaners,
            namespaces,
            new SnapshotMount(privateMounts));
  }

  /** Lets go of everything of this instance; the tasks go on and are taken over by the next. */
  @Deactivate
  public void close() {
    loop.close(); // first: no handler finds its scope closed
    events.close();
    Workers.close(logWorkers, CLOSE_SECONDS);
    Workers.close(workers, CLOSE_SECONDS);
    Workers.close(cleaners, CLOSE_SECONDS);
    namespaces.close();
    privateMounts.close();
    synchronized (tasks) {
      tasks.values().forEach(Task::leave);
      tasks.clear();
    }
  }

  @Override
  public StartedTask start(TaskRequest request) {
    String id = request.id();
    Task previous;
    ProcessStreams streams;
    synchronized (tasks) {
      previous = tasks.get(id);
      if ((previous != null && previous.running()) || !starting.add(id)) {
        throw EngineException.conflict("task " + id + " is running already");
      }
      streams = early.get(id);
      if (streams == null || streams.terminal() != request.spec().process().terminal()) {
        streams = new ProcessStreams(context.streams(), request.spec().process().terminal());
        early.put(id, streams);
      }
    }
    try {
      if (previous != null) {
        awaitCleanUp(previous);
      }
      Task task = new TaskStarter(context, request, streams, listener).start();
      synchronized (tasks) {
        tasks.put(id, task);
      }
      CompletableFuture<Void> unused = task.cleaned().thenRun(() -> forgetTask(task));
      task.watch();
      return new StartedTask(task.process().process().pid(), task.attachments());
    } finally {
      synchronized (tasks) {
        early.remove(id, streams);
        starting.remove(id);
      }
    }
  }

  private static void awaitCleanUp(Task previous) {
    try {
      previous.cleaned().get(CLEAN_UP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EngineException.unavailable("interrupted");
    } catch (ExecutionException | TimeoutException e) {
      throw EngineException.unavailable(
          "the last run of task " + previous.id() + " is still being cleaned up; try again");
    }
  }

  private void forgetTask(Task task) {
    synchronized (tasks) {
      tasks.remove(task.id(), task);
    }
  }

  private Task running(String taskId, String what) {
    Task task;
    synchronized (tasks) {
      task = tasks.get(taskId);
    }
    if (task == null || !task.running()) {
      throw EngineException.notFound("task " + taskId + " is not running" + what);
    }
    return task;
  }

  @Override
  public void kill(String taskId, int signal) {
    Task task = running(taskId, "");
    task.withRuntime(
        runtime -> {
          runtime.kill(task.process(), signal);
          return null;
        });
  }

  @Override
  public void killAll(String taskId) {
    Task task = running(taskId, "");
    task.withRuntime(
        runtime -> {
          runtime.killAll(task.record());
          return null;
        });
  }

  @Override
  public boolean running(String taskId) {
    synchronized (tasks) {
      Task task = tasks.get(taskId);
      return task != null && task.running();
    }
  }

  @Override
  public int pid(String taskId) {
    return running(taskId, "").process().process().pid();
  }

  @Override
  public List<Integer> processes(String taskId) {
    Task task = running(taskId, "");
    return task.withRuntime(runtime -> runtime.processes(task.record()));
  }

  @Override
  public AttachedStreams attach(
      String taskId, boolean terminal, AttachRequest request, OutputSink output) {
    synchronized (tasks) {
      Task task = tasks.get(taskId);
      ProcessStreams streams =
          task != null && task.running()
              ? task.streams
              : early.computeIfAbsent(
                  taskId, id -> new ProcessStreams(context.streams(), terminal));
      return streams.attach(request, output);
    }
  }

  @Override
  public void resize(String taskId, int height, int width) {
    synchronized (tasks) {
      ProcessStreams waiting = early.get(taskId);
      if (waiting != null) {
        waiting.resize(height, width);
        return;
      }
    }
    running(taskId, "").streams.resize(height, width);
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
    return new ExecStarter(context)
        .start(running(taskId, ""), execId, process, user, groups, privileged, request, output);
  }

  @Override
  public int execPid(String taskId, String execId) {
    return runningExec(taskId, execId).process().process().pid();
  }

  @Override
  public void resizeExec(String taskId, String execId, int height, int width) {
    runningExec(taskId, execId).streams.resize(height, width);
  }

  private ExecProcess runningExec(String taskId, String execId) {
    ExecProcess exec = running(taskId, "").exec(execId);
    if (exec == null || !exec.running()) {
      throw EngineException.notFound("exec process " + execId + " is not running");
    }
    return exec;
  }

  @Override
  public Subscription logs(
      String taskId, String driver, LogTarget target, LogsRequest request, LogSink sink) {
    boolean readable =
        context.drivers().call(DriverKind.LOG, driver, log -> log instanceof ReadableLog);
    if (!readable) {
      throw EngineException.unsupported("configured logging driver does not support reading");
    }
    Task task;
    synchronized (tasks) {
      task = tasks.get(taskId);
    }
    ProcessStreams streams =
        task == null || task.request().log() == null || task.streams.logEnd().isEmpty()
            ? null
            : task.streams;
    LogPosition stored =
        PositionFile.read(target.directory())
            .map(PositionFile.State::position)
            .orElse(LogPosition.START);
    Supplier<LogPosition> end =
        streams == null ? () -> stored : () -> streams.logEnd().orElse(stored);
    LogDelivery delivery =
        new LogDelivery(
            context.streams(),
            driver,
            target,
            request.query(),
            end,
            request.follow() ? streams : null,
            sink);
    delivery.begin();
    return delivery;
  }

  @Override
  public void forget(String taskId, String driver, LogTarget target) {
    ProcessStreams waiting;
    synchronized (tasks) {
      waiting = early.remove(taskId);
    }
    if (waiting != null) {
      waiting.fail();
    }
    try {
      Files.deleteIfExists(target.directory().resolve(PositionFile.NAME));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (driver != null && !driver.isEmpty() && !driver.equals("none")) {
      context
          .drivers()
          .call(
              DriverKind.LOG,
              driver,
              log -> {
                log.remove(target);
                return null;
              });
    }
  }

  @Override
  public void adopt(TaskListener told) {
    listener.complete(told);
    Adoption adoption = new Adoption(context, listener);
    List<CompletableFuture<Void>> ended = new ArrayList<>();
    Map<String, TaskState> states = context.states().all();
    Directories.deleteAllBut(context.directory(), states.keySet());
    for (TaskState state : states.values()) {
      try {
        adoption.adopt(
            state,
            task -> {
              synchronized (tasks) {
                tasks.put(task.id(), task);
              }
              CompletableFuture<Void> unused = task.cleaned().thenRun(() -> forgetTask(task));
              if (!task.alive()) {
                ended.add(task.reported());
              }
            });
      } catch (RuntimeException e) {
        LOG.error("Task {} could not be taken over", state.request().id(), e);
      }
    }
    try {
      CompletableFuture.allOf(ended.toArray(CompletableFuture<?>[]::new))
          .get(ADOPT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // A driver that they need is away; their ends are told when it is back.
      LOG.warn("Not all tasks that ended while the engine was away could be told of yet", e);
    }
  }
}
