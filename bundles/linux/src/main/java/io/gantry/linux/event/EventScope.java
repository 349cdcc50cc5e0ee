// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.event;

import io.gantry.linux.Fd;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** Registrations of one owner on an {@link EventLoop}; closing it cancels all of them. */
public final class EventScope implements Executor, AutoCloseable {
  private final EventLoop loop;
  private final String owner;
  private final Set<Registration> registrations = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  EventScope(EventLoop loop, String owner) {
    this.loop = loop;
    this.owner = Objects.requireNonNull(owner, "owner");
  }

  /**
   * Calls {@code handler} each time while the descriptor is ready (level-triggered). The descriptor
   * stays the caller's, who cancels the watch before closing it.
   *
   * @param interest {@link EventLoop#READABLE} or {@link EventLoop#WRITABLE} or both
   */
  public Watch watch(Fd descriptor, int interest, EventHandler handler) {
    Watch watch = new Watch(loop, this, descriptor.number(), interest, handler);
    register(watch);
    watch.resume();
    return watch;
  }

  /** Calls {@code task} once, after {@code delay}, on the loop's thread. */
  public Timer schedule(Duration delay, Runnable task) {
    Timer timer = new Timer(this, System.nanoTime() + delay.toNanos(), task);
    register(timer);
    loop.add(timer);
    return timer;
  }

  /** Runs a task on the loop's thread, unless the scope is closed by then. */
  @Override
  public void execute(Runnable task) {
    if (closed) {
      return;
    }
    loop.execute(
        owner,
        () -> {
          if (!closed) {
            task.run();
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    for (Registration registration : List.copyOf(registrations)) {
      registration.cancel();
    }
  }

  public boolean closed() {
    return closed;
  }

  String owner() {
    return owner;
  }

  void forget(Registration registration) {
    registrations.remove(registration);
  }

  private void register(Registration registration) {
    registrations.add(registration);
    if (closed) {
      registrations.remove(registration);
      throw new IllegalStateException("the event scope of " + owner + " is closed");
    }
  }
}
