// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import io.gantry.api.engine.Events;
import io.gantry.api.event.Event;
import io.gantry.api.stream.Subscription;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

final class FakeEvents implements Events {
  final List<Sink> sinks = new CopyOnWriteArrayList<>();
  final List<Event> kept = new CopyOnWriteArrayList<>();

  @Override
  public Subscription subscribe(Instant since, Instant until, Sink sink) {
    if (since != null) {
      kept.forEach(sink::write);
    }
    if (until != null && until.isBefore(Instant.now())) {
      sink.end(null);
      return () -> {};
    }
    sinks.add(sink);
    return () -> sinks.remove(sink);
  }

  void publish(Event event) {
    sinks.forEach(sink -> sink.write(event));
  }
}
