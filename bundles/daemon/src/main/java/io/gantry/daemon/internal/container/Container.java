// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.Containers.WaitCondition;
import io.gantry.api.engine.Containers.WaitResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A container in memory: its record, the lock for changes of its state, and those who wait for
 * them.
 */
final class Container {
  final ReentrantLock lock = new ReentrantLock();
  volatile ContainerRecord record;

  /** Grows with each restart by the policy; guarded by the lock. */
  RestartBackOff backOff = new RestartBackOff();

  /** A restart is under way: its end does not remove it, even with {@code --rm}. */
  volatile boolean keptForRestart;

  private final List<Waiter> waiters = new ArrayList<>();

  private record Waiter(WaitCondition condition, CompletableFuture<WaitResult> result) {}

  Container(ContainerRecord record) {
    this.record = record;
  }

  boolean running() {
    return record.state().running();
  }

  CompletableFuture<WaitResult> waitFor(WaitCondition condition) {
    CompletableFuture<WaitResult> result = new CompletableFuture<>();
    synchronized (waiters) {
      if (condition == WaitCondition.NOT_RUNNING && !running()) {
        result.complete(new WaitResult(record.state().exitCode(), null));
      } else {
        waiters.add(new Waiter(condition, result));
      }
    }
    return result;
  }

  /** The container ended: only those who wait for its removal go on waiting. */
  void tellExit() {
    tell(false, new WaitResult(record.state().exitCode(), null));
  }

  void tellRemoved() {
    tell(true, new WaitResult(record.state().exitCode(), null));
  }

  private void tell(boolean removed, WaitResult result) {
    List<CompletableFuture<WaitResult>> told = new ArrayList<>();
    synchronized (waiters) {
      waiters.removeIf(
          waiter -> {
            boolean due = removed || waiter.condition() != WaitCondition.REMOVED;
            if (due) {
              told.add(waiter.result());
            }
            return due;
          });
    }
    told.forEach(future -> future.complete(result));
  }
}
