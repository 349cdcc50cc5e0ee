// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.event;

import io.gantry.api.engine.Events.Sink;
import io.gantry.api.event.Event;
import io.gantry.api.stream.Subscription;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** One listener: its queue, and the one delivery at a time. */
final class EventSubscription implements Subscription {
  /** A listener that is this far behind has stopped reading. */
  private static final int MAXIMUM_BACKLOG = 10_000;

  private final Sink sink;
  private final long untilNanos;
  private final Consumer<EventSubscription> onClose;
  private final Deque<Event> queue = new ArrayDeque<>();
  private Future<?> timer;
  private boolean delivering;
  private boolean finishing;
  private boolean closed;
  private Throwable failure;

  EventSubscription(Sink sink, long untilNanos, Consumer<EventSubscription> onClose) {
    this.sink = sink;
    this.untilNanos = untilNanos;
    this.onClose = onClose;
  }

  synchronized void endWith(Future<?> end) {
    timer = end;
    if (closed) {
      end.cancel(false);
    }
  }

  synchronized void offer(Event event) {
    if (closed || finishing || event.timeNanos() > untilNanos) {
      return;
    }
    if (queue.size() >= MAXIMUM_BACKLOG) {
      failure = new IllegalStateException("the events were not read for too long");
      queue.clear();
      finishing = true;
      return;
    }
    queue.addLast(event);
  }

  /** No more events come; those queued are still delivered. */
  void finish() {
    synchronized (this) {
      finishing = true;
    }
    deliver();
  }

  /** Delivers what is queued, on whichever thread is there; returns when the sink is busy. */
  void deliver() {
    synchronized (this) {
      if (delivering) {
        return;
      }
      delivering = true;
    }
    while (true) {
      Event next;
      synchronized (this) {
        next = closed ? null : queue.pollFirst();
        if (next == null) {
          delivering = false;
          if (closed || !finishing) {
            return;
          }
          closed = true;
        }
      }
      if (next == null) {
        onClose.accept(this);
        sink.end(failure);
        return;
      }
      if (!written(next)) {
        return;
      }
    }
  }

  /** Whether the sink took the event at once; if not, delivery goes on when it has. */
  private boolean written(Event event) {
    CompletionStage<Void> taken;
    try {
      taken = sink.write(event);
    } catch (RuntimeException e) {
      close();
      return true;
    }
    if (taken.toCompletableFuture().isDone()) {
      if (taken.toCompletableFuture().isCompletedExceptionally()) {
        close();
      }
      return true;
    }
    taken.whenComplete(
        (done, gone) -> {
          if (gone != null) {
            close();
          }
          synchronized (this) {
            delivering = false;
          }
          deliver();
        });
    return false;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      queue.clear();
      if (timer != null) {
        timer.cancel(false);
      }
    }
    onClose.accept(this);
  }
}
