// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.Ping;
import io.gantry.rest.internal.http.RouteTable;
import io.gantry.rest.internal.wire.InfoJson;
import io.gantry.rest.internal.wire.SystemJson;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** What the engine tells about itself. */
final class SystemOperations {
  private final Supplier<List<String>> labels;

  SystemOperations(Supplier<List<String>> labels) {
    this.labels = labels;
  }

  void register(RouteTable routes) {
    routes
        .on("HEAD", "/_ping", Ping::head)
        .on("GET", "/_ping", Ping::get)
        .on("GET", "/version", this::version)
        .on("GET", "/info", this::info);
  }

  private void version(Exchange exchange) {
    var version = exchange.engine().system().version();
    exchange.answer(200, out -> SystemJson.version(out, version));
  }

  private void info(Exchange exchange) {
    var info = exchange.engine().system().info();
    List<String> engineLabels = labels.get();
    Instant now = Instant.now();
    exchange.answer(200, out -> InfoJson.write(out, info, engineLabels, now, exchange.version()));
  }
}
