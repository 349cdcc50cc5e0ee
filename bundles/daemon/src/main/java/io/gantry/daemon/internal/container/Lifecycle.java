// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.ContainerDetails.EndpointDetails;
import io.gantry.api.engine.ContainerState;
import io.gantry.api.engine.ContainerState.Status;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.runtime.ExitStatus;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.state.Durability;
import io.gantry.core.task.TaskListener;
import io.gantry.core.task.TaskService;
import io.gantry.core.task.TaskService.StartedTask;
import io.gantry.daemon.internal.volume.VolumeStore;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state machine of a container: every change of state is made here, under the container's lock.
 */
final class Lifecycle implements TaskListener {
  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);
  private static final int START_FAILED = 128;
  private static final int NOT_EXECUTABLE = 126;
  private static final int NOT_FOUND = 127;
  private static final int LOST_WITH_THE_BOOT = 255;
  private static final int DEFAULT_STOP_SECONDS = 10;
  private static final int KILL_WAIT_SECONDS = 10;

  private final ContainerStore store;
  private final TaskService tasks;
  private final DriverRegistry drivers;
  private final TaskRequests requests;
  private final VolumeStore volumes;
  private final ContainerDirectory directory;
  private final ContainerEvents events;
  private final ScheduledExecutorService timers;
  private final Execs execs;
  private final String bootId;

  /** Is told of the ends of exec processes. */
  interface Execs {
    void ended(String execId, ExitStatus status);

    void containerEnded(String containerId);
  }

  Lifecycle(
      ContainerStore store,
      TaskService tasks,
      DriverRegistry drivers,
      TaskRequests requests,
      VolumeStore volumes,
      ContainerDirectory directory,
      ContainerEvents events,
      ScheduledExecutorService timers,
      Execs execs,
      String bootId) {
    this.store = store;
    this.tasks = tasks;
    this.drivers = drivers;
    this.requests = requests;
    this.volumes = volumes;
    this.directory = directory;
    this.events = events;
    this.timers = timers;
    this.execs = execs;
    this.bootId = bootId;
  }

  void start(Container container) {
    container.lock.lock();
    try {
      Status status = container.record.state().status();
      if (status == Status.RUNNING || status == Status.PAUSED) {
        throw new EngineException(
            ErrorKind.NOT_MODIFIED, "container " + container.record.id() + " is running already");
      }
      if (status == Status.REMOVING || status == Status.DEAD) {
        throw EngineException.conflict("container is marked for removal and cannot be started");
      }
      container.backOff = new RestartBackOff();
      run(container, container.record.withRestartCount(0).withStoppedByUser(false));
    } finally {
      container.lock.unlock();
    }
  }

  /** The lock is held. */
  private void run(Container container, ContainerRecord record) {
    TaskRequests.Prepared prepared = null;
    try {
      prepared = requests.prepare(record);
      StartedTask started = tasks.start(prepared.request());
      ContainerState running =
          new ContainerState(
              Status.RUNNING,
              started.pid(),
              0,
              "",
              false,
              Instant.now(),
              record.state().finishedAt());
      store.update(
          container, prepared.record().withState(running).withBootId(bootId), Durability.PROCESS);
    } catch (RuntimeException e) {
      if (prepared != null) {
        requests.release(prepared.record());
      }
      startFailed(container, record, e);
      throw e;
    }
    events.publish("start", container.record);
  }

  private void startFailed(Container container, ContainerRecord record, RuntimeException cause) {
    String message = String.valueOf(cause.getMessage());
    int code = START_FAILED;
    if (message.contains("executable file not found")
        || message.contains("no such file or directory")) {
      code = NOT_FOUND;
    } else if (message.contains("permission denied")
        || message.contains("is a directory")
        || message.contains("not a directory")
        || message.contains("exec format error")) {
      code = NOT_EXECUTABLE;
    }
    ContainerState old = record.state();
    ContainerState failed =
        new ContainerState(
            old.startedAt() == null ? Status.CREATED : Status.EXITED,
            0,
            code,
            message,
            false,
            old.startedAt(),
            old.finishedAt());
    store.update(container, noEndpoint(record).withState(failed), Durability.PROCESS);
    if (record.spec().lifecycle().autoRemove()) {
      delete(container, true);
    }
  }

  @Override
  public void onExit(String taskId, ExitStatus status, boolean oomKilled) {
    Container container = store.byId(taskId);
    if (container != null) {
      // At once: when this returns the supervisor forgets the exit code.
      ended(container, status, oomKilled);
    }
  }

  @Override
  public void onExecExit(String taskId, String execId, ExitStatus status) {
    execs.ended(execId, status);
  }

  private void ended(Container container, ExitStatus status, boolean oomKilled) {
    container.lock.lock();
    try {
      ContainerRecord record = container.record;
      if (!record.state().running()) {
        return;
      }
      execs.containerEnded(record.id());
      ContainerState old = record.state();
      Instant at = status.exitedAt();
      boolean again = RestartPolicy.restarts(record, status.code());
      ContainerState ended =
          new ContainerState(
              again ? Status.RESTARTING : Status.EXITED,
              0,
              status.code(),
              status.known() ? "" : "the shim was killed, so that the exit code is lost",
              oomKilled,
              old.startedAt(),
              at);
      if (oomKilled) {
        events.publish("oom", record);
      }
      events.publish("die", record, Map.of("exitCode", Integer.toString(status.code())));
      requests.release(record);
      store.update(container, noEndpoint(record).withState(ended), Durability.PROCESS);
      container.tellExit();
      if (again) {
        long delay = container.backOff.delayMillis(old.startedAt(), at);
        timers.schedule(() -> restartByPolicy(container), delay, TimeUnit.MILLISECONDS);
      } else if (record.spec().lifecycle().autoRemove() && !container.keptForRestart) {
        delete(container, true);
      }
    } catch (RuntimeException e) {
      LOG.error("the end of container {} could not be dealt with", container.record.id(), e);
    } finally {
      container.lock.unlock();
    }
  }

  private static ContainerRecord noEndpoint(ContainerRecord record) {
    EndpointDetails old = record.endpoint();
    return record.withEndpoint(
        new EndpointDetails(old.network(), old.networkId(), "", "", "", 0, ""));
  }

  private void restartByPolicy(Container container) {
    container.lock.lock();
    try {
      if (container.record.state().status() == Status.RESTARTING) {
        run(container, container.record.withRestartCount(container.record.restartCount() + 1));
      }
    } catch (RuntimeException e) {
      LOG.warn("container {} could not be restarted: {}", container.record.id(), e.getMessage());
    } finally {
      container.lock.unlock();
    }
  }

  void stop(Container container, String signal, Integer timeoutSeconds) {
    if (!container.running()) {
      throw new EngineException(
          ErrorKind.NOT_MODIFIED, "container " + container.record.id() + " does not run");
    }
    end(container, signal, timeoutSeconds);
    events.publish("stop", container.record);
  }

  void restart(Container container, String signal, Integer timeoutSeconds) {
    container.keptForRestart = true;
    try {
      if (container.running()) {
        end(container, signal, timeoutSeconds);
        events.publish("stop", container.record);
      }
      container.lock.lock();
      try {
        if (store.byId(container.record.id()) != container) {
          throw EngineException.notFound("No such container: " + container.record.id());
        }
        if (!container.running()) {
          run(container, container.record.withStoppedByUser(false));
        }
      } finally {
        container.lock.unlock();
      }
    } finally {
      container.keptForRestart = false;
    }
    events.publish("restart", container.record);
  }

  /** Ends the process by its signal, and by SIGKILL when that takes too long. */
  private void end(Container container, String signal, Integer timeoutSeconds) {
    ContainerRecord record = container.record;
    String wanted =
        signal != null && !signal.isEmpty() ? signal : record.spec().lifecycle().stopSignal();
    int number = wanted == null ? Signals.TERM : Signals.parse(wanted);
    Integer own = record.spec().lifecycle().stopTimeoutSeconds();
    int seconds =
        timeoutSeconds != null ? timeoutSeconds : own != null ? own : DEFAULT_STOP_SECONDS;
    CompletableFuture<?> end =
        container.waitFor(io.gantry.api.engine.Containers.WaitCondition.NOT_RUNNING);
    if (!markStopped(container)) {
      return;
    }
    send(container, number);
    if (seconds < 0) {
      end.join();
    } else if (!within(end, seconds)) {
      send(container, Signals.KILL);
      within(end, KILL_WAIT_SECONDS);
    }
  }

  /**
   * From now on the policy does not restart it. False if it was only waiting for its next start.
   */
  private boolean markStopped(Container container) {
    container.lock.lock();
    try {
      ContainerRecord record = container.record.withStoppedByUser(true);
      if (record.state().status() == Status.RESTARTING) {
        ContainerState s = record.state();
        store.update(
            container,
            record.withState(
                new ContainerState(
                    Status.EXITED,
                    0,
                    s.exitCode(),
                    "",
                    s.oomKilled(),
                    s.startedAt(),
                    s.finishedAt())),
            Durability.PROCESS);
        container.tellExit();
        return false;
      }
      store.update(container, record, Durability.PROCESS);
      return record.state().running();
    } finally {
      container.lock.unlock();
    }
  }

  private void send(Container container, int signal) {
    events.publish("kill", container.record, Map.of("signal", Integer.toString(signal)));
    try {
      tasks.kill(container.record.id(), signal);
    } catch (EngineException e) {
      if (e.kind() != ErrorKind.NOT_FOUND) {
        throw e;
      }
    }
  }

  /** Ends it as the machine goes down: its policy still holds at the next boot. */
  void shutDown(Container container) {
    boolean stoppedBefore = container.record.stoppedByUser();
    end(container, null, null);
    container.lock.lock();
    try {
      store.update(
          container, container.record.withStoppedByUser(stoppedBefore), Durability.MACHINE);
    } finally {
      container.lock.unlock();
    }
  }

  private static boolean within(CompletableFuture<?> future, int seconds) {
    try {
      future.get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (java.util.concurrent.ExecutionException e) {
      return true;
    }
  }

  void kill(Container container, String signal) {
    int number = signal == null || signal.isEmpty() ? Signals.KILL : Signals.parse(signal);
    ContainerRecord record = container.record;
    if (!record.state().running()) {
      throw EngineException.conflict("Container " + record.id() + " is not running");
    }
    CompletableFuture<?> end =
        container.waitFor(io.gantry.api.engine.Containers.WaitCondition.NOT_RUNNING);
    if (number == Signals.KILL || number == Signals.TERM) {
      markStopped(container);
    }
    if (record.state().status() == Status.RESTARTING) {
      return; // nothing is there to signal: that it does not start again is all
    }
    send(container, number);
    if (number == Signals.KILL) {
      within(end, KILL_WAIT_SECONDS);
    }
  }

  void remove(Container container, boolean force, boolean withVolumes) {
    if (container.running()) {
      if (!force) {
        boolean restarting = container.record.state().status() == Status.RESTARTING;
        throw EngineException.conflict(
            "You cannot remove a "
                + (restarting ? "restarting" : "running")
                + " container "
                + container.record.id()
                + ". Stop the container before attempting removal or force remove");
      }
      CompletableFuture<?> end =
          container.waitFor(io.gantry.api.engine.Containers.WaitCondition.NOT_RUNNING);
      if (markStopped(container)) {
        send(container, Signals.KILL);
        within(end, KILL_WAIT_SECONDS);
      }
    }
    container.lock.lock();
    try {
      if (store.byId(container.record.id()) == container) {
        delete(container, withVolumes);
      }
    } finally {
      container.lock.unlock();
    }
  }

  /** The lock is held, and nothing runs. */
  private void delete(Container container, boolean withVolumes) {
    ContainerRecord record = container.record;
    Durability durability =
        record.spec().lifecycle().autoRemove() ? Durability.PROCESS : Durability.MACHINE;
    tasks.forget(record.id(), record.spec().log().driver(), requests.logTarget(record));
    drivers.call(
        DriverKind.STORAGE,
        record.snapshotter(),
        driver -> {
          try {
            driver.remove(record.id());
          } catch (EngineException e) {
            if (e.kind() != ErrorKind.NOT_FOUND) {
              throw e;
            }
          }
          return null;
        });
    directory.delete(record.id());
    store.remove(container, durability);
    if (withVolumes) {
      record.mounts().stream()
          .filter(mount -> mount.type().equals("volume"))
          .map(mount -> volumes.get(mount.name()))
          .filter(volume -> volume.anonymous() && volumes.usersOf(volume.name()).isEmpty())
          .forEach(volume -> volumes.remove(volume.name(), true));
    }
    events.publish("destroy", record);
    container.tellRemoved();
  }

  /** The engine died after the task was started and before that was recorded. */
  private void takeOver(Container container) {
    container.lock.lock();
    try {
      ContainerRecord record = container.record;
      ContainerState running =
          new ContainerState(
              Status.RUNNING,
              tasks.pid(record.id()),
              0,
              "",
              false,
              Instant.now(),
              record.state().finishedAt());
      store.update(container, record.withState(running).withBootId(bootId), Durability.PROCESS);
    } finally {
      container.lock.unlock();
    }
  }

  /** After a start of the engine: what ran on another boot has ended, and policies are honoured. */
  void reconcile() {
    for (Container container : store.all()) {
      ContainerRecord record = container.record;
      boolean stale = record.state().running() && !tasks.running(record.id());
      if (stale) {
        ended(container, new ExitStatus(LOST_WITH_THE_BOOT, 0, false, true, Instant.now()), false);
        record = container.record;
      }
      if (!record.state().running() && tasks.running(record.id())) {
        takeOver(container);
        continue;
      }
      boolean anotherBoot = record.bootId() != null && !record.bootId().equals(bootId);
      if (container.record.state().status() == Status.EXITED
          && anotherBoot
          && RestartPolicy.startsWithTheEngine(record)) {
        timers.execute(
            () -> {
              try {
                start(container);
              } catch (RuntimeException e) {
                LOG.warn(
                    "container {} could not be started after the boot: {}",
                    container.record.id(),
                    e.getMessage());
              }
            });
      }
    }
  }
}
