// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.Events;
import io.gantry.api.error.EngineException;
import io.gantry.api.event.Event;
import io.gantry.api.stream.Subscription;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.GoNumbers;
import io.gantry.rest.internal.http.RouteTable;
import io.gantry.rest.internal.stream.ChunkedStream;
import io.gantry.rest.internal.wire.EventJson;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code GET /events}. */
final class EventOperations {
  private EventOperations() {}

  static void register(RouteTable routes) {
    routes.on("GET", "/events", EventOperations::events);
  }

  private static void events(Exchange exchange) {
    String sinceText = exchange.query().get("since");
    String untilText = exchange.query().get("until");
    Instant since = sinceText.isEmpty() ? null : GoNumbers.timestamp(sinceText);
    Instant until = untilText.isEmpty() ? null : GoNumbers.timestamp(untilText);
    if (since != null && until != null && since.isAfter(until)) {
      throw EngineException.invalid(
          "`since` time (" + sinceText + ") cannot be after `until` time (" + untilText + ")");
    }
    EventFilter filter = new EventFilter(Filters.any(exchange));
    ChunkedStream stream = new ChunkedStream(exchange);
    Subscription subscription =
        exchange.engine().events().subscribe(since, until, sink(exchange, stream, filter));
    stream.onGone(subscription::close);
    stream.open("application/json");
  }

  private static Events.Sink sink(Exchange exchange, ChunkedStream stream, EventFilter filter) {
    return new Events.Sink() {
      @Override
      public CompletionStage<Void> write(Event event) {
        return filter.test(event)
            ? stream.write(exchange.json().streamed(out -> EventJson.write(out, event)))
            : CompletableFuture.completedStage(null);
      }

      @Override
      public void end(Throwable failure) {
        if (failure == null) {
          stream.end();
        } else {
          stream.abort();
        }
      }
    };
  }
}
