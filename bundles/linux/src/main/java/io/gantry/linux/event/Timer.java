// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.event;

/** A task that runs once, later. */
public final class Timer implements Registration, Comparable<Timer> {
  private final EventScope scope;
  private final long due;
  private volatile Runnable task;

  Timer(EventScope scope, long due, Runnable task) {
    this.scope = scope;
    this.due = due;
    this.task = task;
  }

  @Override
  public void cancel() {
    task = null; // what it holds can go before the loop drops the timer
    scope.forget(this);
  }

  @Override
  public int compareTo(Timer other) {
    return Long.compare(due - other.due, 0);
  }

  long due() {
    return due;
  }

  String owner() {
    return scope.owner();
  }

  boolean cancelled() {
    return task == null;
  }

  void fire() {
    Runnable body = task;
    scope.forget(this);
    task = null;
    if (body != null) {
      body.run();
    }
  }
}
