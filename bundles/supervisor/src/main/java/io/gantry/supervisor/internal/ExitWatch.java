// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.linux.event.EventLoop;
import io.gantry.linux.event.EventScope;
import io.gantry.linux.event.Watch;
import io.gantry.supervisor.internal.io.ShimHandle;

/**
 * Tells once, on the loop's thread, that a process has ended: by its shim's word, or, where the
 * shim was killed, by the process itself.
 */
final class ExitWatch {
  private final EventScope events;
  private final ShimHandle handle;
  private final Runnable ended;
  private Watch exited;
  private Watch shim;
  private Watch process;
  private boolean told;

  ExitWatch(EventScope events, ShimHandle handle, Runnable ended) {
    this.events = events;
    this.handle = handle;
    this.ended = ended;
  }

  void begin() {
    events.execute(
        () -> {
          if (handle.shim() == null) {
            watchProcess();
            return;
          }
          exited = events.watch(handle.exited(), EventLoop.READABLE, ready -> tell());
          shim = events.watch(handle.shim(), EventLoop.READABLE, ready -> watchProcess());
        });
  }

  private void watchProcess() {
    cancel(shim);
    if (handle.process() == null) {
      tell();
    } else if (process == null) {
      process = events.watch(handle.process(), EventLoop.READABLE, ready -> tell());
    }
  }

  private void tell() {
    cancel(exited);
    cancel(shim);
    cancel(process);
    if (!told) {
      told = true;
      ended.run();
    }
  }

  private static void cancel(Watch watch) {
    if (watch != null) {
      watch.cancel();
    }
  }
}
