// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.Networks.NetworkDetails;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.RouteTable;
import io.gantry.rest.internal.wire.MalformedRequestException;
import io.gantry.rest.internal.wire.NetworkJson;
import java.util.List;
import java.util.Set;

/** Networks, all of which are predefined. */
final class NetworkOperations {
  private static final Set<String> LIST_FILTERS =
      Set.of("dangling", "driver", "id", "label", "name", "scope", "type");
  private static final Set<String> PRUNE_FILTERS = Set.of("label", "label!", "until");

  private NetworkOperations() {}

  static void register(RouteTable routes) {
    routes
        .on("GET", "/networks", NetworkOperations::list)
        .on("GET", "/networks/", NetworkOperations::list)
        .on("GET", "/networks/{id}", NetworkOperations::inspect)
        .on("DELETE", "/networks/{id}", NetworkOperations::remove)
        .on("POST", "/networks/prune", NetworkOperations::prune);
  }

  private static void list(Exchange exchange) {
    Filters filters = Filters.of(exchange, LIST_FILTERS);
    for (String type : filters.get("type")) {
      if (!type.equals("builtin") && !type.equals("custom")) {
        throw new MalformedRequestException("invalid filter: 'type'='" + type + "'");
      }
    }
    boolean predefined = filters.exact("type", "builtin");
    boolean used = !dangling(filters);
    List<NetworkDetails> networks =
        exchange.engine().networks().list().stream()
            .filter(network -> predefined && used)
            .filter(network -> filters.exact("driver", network.driver()))
            .filter(network -> filters.exact("scope", "local"))
            .filter(network -> filters.labels("label", network.labels()))
            .filter(network -> filters.pattern("name", network.spec().name()))
            .filter(network -> filters.pattern("id", network.spec().id()))
            .toList();
    exchange.answer(
        200,
        out ->
            out.array(
                networks, network -> NetworkJson.write(out, network, null, exchange.version())));
  }

  private static boolean dangling(Filters filters) {
    try {
      return Boolean.TRUE.equals(filters.bool("dangling"));
    } catch (EngineException e) {
      throw EngineException.invalid(
          "invalid value for filter 'dangling', must be \"true\" (or \"1\"), or \"false\" (or"
              + " \"0\")");
    }
  }

  private static void inspect(Exchange exchange) {
    NetworkDetails network = exchange.engine().networks().inspect(exchange.path("id"));
    exchange.answer(
        200,
        out ->
            NetworkJson.write(out, network, id -> containerName(exchange, id), exchange.version()));
  }

  private static String containerName(Exchange exchange, String id) {
    try {
      return exchange.engine().containers().inspect(id).name();
    } catch (EngineException e) {
      // removed since the network was looked at
      return "";
    }
  }

  private static void remove(Exchange exchange) {
    String name = exchange.engine().networks().inspect(exchange.path("id")).spec().name();
    throw new EngineException(
        ErrorKind.DENIED, name + " is a pre-defined network and cannot be removed");
  }

  /** There is none that could be removed. */
  private static void prune(Exchange exchange) {
    Filters.of(exchange, PRUNE_FILTERS);
    exchange.answer(200, out -> out.object(() -> out.nullField("NetworksDeleted")));
  }
}
