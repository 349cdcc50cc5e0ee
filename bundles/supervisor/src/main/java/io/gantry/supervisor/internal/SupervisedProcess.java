// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.OciRuntime;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.core.driver.DriverKind;
import io.gantry.supervisor.internal.io.ProcessStreams;
import io.gantry.supervisor.internal.io.ShimHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process with a shim, from its start to its end: a task's init or an exec process. At its end
 * the output is drained first; what comes then runs on the workers, step by step, and a step that
 * finds the runtime away is repeated.
 */
abstract class SupervisedProcess {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedProcess.class);
  private static final Duration RETRY = Duration.ofMillis(500);

  /** What a process that nobody could ask about is reported with. */
  private static final int UNKNOWN_CODE = 255;

  final SupervisorContext context;
  final ProcessStreams streams;
  private final String runtime;
  private volatile ShimHandle handle;
  private volatile boolean running = true;

  SupervisedProcess(SupervisorContext context, String runtime, ProcessStreams streams) {
    this.context = context;
    this.runtime = runtime;
    this.streams = streams;
  }

  abstract ProcessRecord process();

  /** What has to happen before the end is told. */
  CompletableFuture<Void> beforeReport() {
    return CompletableFuture.completedFuture(null);
  }

  /** Tells of the end. */
  abstract void report(ExitStatus status);

  /** Takes away what is left of it. */
  abstract void clean();

  /** Takes the shim's descriptors. */
  final void handle(ShimHandle shim) {
    handle = shim;
  }

  /** From now on its end is noticed. */
  final void watch() {
    new ExitWatch(context.streams().events(), handle, this::ended).begin();
  }

  final boolean running() {
    return running;
  }

  /** Whether the process is there, asked of the kernel. */
  final boolean alive() {
    return handle.process() != null;
  }

  /** Closes this engine's copies of the descriptors; the process goes on. */
  final void abandon() {
    streams.abandon();
    if (handle != null) {
      handle.close();
    }
  }

  private void ended() {
    running = false;
    CompletableFuture<Void> unused =
        streams
            .drain()
            .thenCompose(done -> beforeReport())
            .whenComplete((done, failure) -> context.workers().execute(() -> step(this::finish)));
  }

  private void finish() {
    ExitStatus status =
        withRuntime(r -> r.exitStatus(process()))
            .orElseGet(() -> new ExitStatus(UNKNOWN_CODE, 0, false, false, Instant.now()));
    report(status);
    step(this::clean);
  }

  private void step(Runnable step) {
    try {
      step.run();
    } catch (EngineException e) {
      if (e.kind() == ErrorKind.UNAVAILABLE || e.kind() == ErrorKind.DEADLINE) {
        context
            .streams()
            .events()
            .schedule(RETRY, () -> context.workers().execute(() -> step(step)));
      } else {
        LOG.error("The end of process {} was not dealt with", process().process().pid(), e);
        give();
      }
    } catch (RuntimeException e) {
      LOG.error("The end of process {} was not dealt with", process().process().pid(), e);
      give();
    }
  }

  /** The last step failed for good. */
  abstract void give();

  final <R> R withRuntime(Function<OciRuntime, R> call) {
    return context.drivers().call(DriverKind.RUNTIME, runtime, call);
  }
}
