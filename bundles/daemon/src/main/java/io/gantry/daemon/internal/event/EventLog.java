// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.event;

import io.gantry.api.engine.Events;
import io.gantry.api.event.Event;
import io.gantry.api.stream.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The events of late, and those who listen. */
public final class EventLog implements Events {
  private static final int KEPT = 256;

  private final ScheduledExecutorService timers;
  private final Deque<Event> kept = new ArrayDeque<>();
  private final List<EventSubscription> listeners = new ArrayList<>();
  private long lastNanos;

  public EventLog(ScheduledExecutorService timers) {
    this.timers = timers;
  }

  /** Tells what happened just now. Listeners are never waited for. */
  public void publish(String type, String action, String actorId, Map<String, String> attributes) {
    List<EventSubscription> told;
    synchronized (this) {
      // Two events never have the same time, so that a listener can go on after the last it saw.
      lastNanos = Math.max(lastNanos + 1, nanos(Instant.now()));
      Event event = new Event(type, action, actorId, attributes, lastNanos);
      kept.addLast(event);
      if (kept.size() > KEPT) {
        kept.removeFirst();
      }
      told = List.copyOf(listeners);
      told.forEach(listener -> listener.offer(event));
    }
    told.forEach(EventSubscription::deliver);
  }

  @Override
  public Subscription subscribe(Instant since, Instant until, Sink sink) {
    EventSubscription subscription =
        new EventSubscription(sink, until == null ? Long.MAX_VALUE : nanos(until), this::remove);
    synchronized (this) {
      if (since != null) {
        long from = nanos(since);
        kept.stream().filter(event -> event.timeNanos() >= from).forEach(subscription::offer);
      }
      listeners.add(subscription);
    }
    if (until != null) {
      long wait = Math.max(0, Duration.between(Instant.now(), until).toNanos());
      subscription.endWith(timers.schedule(subscription::finish, wait, TimeUnit.NANOSECONDS));
    }
    subscription.deliver();
    return subscription;
  }

  private synchronized void remove(EventSubscription subscription) {
    listeners.remove(subscription);
  }

  public synchronized int listeners() {
    return listeners.size();
  }

  /** Ends all deliveries. */
  public void close() {
    List<EventSubscription> all;
    synchronized (this) {
      all = List.copyOf(listeners);
    }
    all.forEach(EventSubscription::finish);
  }

  private static long nanos(Instant time) {
    return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
  }
}
