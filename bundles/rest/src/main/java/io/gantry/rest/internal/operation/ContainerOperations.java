// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.Containers;
import io.gantry.api.engine.Containers.Created;
import io.gantry.api.engine.Containers.ProcessTable;
import io.gantry.api.engine.Containers.Sizes;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.rest.internal.create.ContainerRequest;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.GoNumbers;
import io.gantry.rest.internal.http.Query;
import io.gantry.rest.internal.http.Route.Work;
import io.gantry.rest.internal.http.RouteTable;
import io.gantry.rest.internal.wire.ContainerInspectJson;
import io.gantry.rest.internal.wire.Fields;
import io.gantry.rest.internal.wire.JsonReader;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;

/** Containers: everything that has an answer and an end. */
final class ContainerOperations {
  /** A client may say this much in the body of a start without meaning anything. */
  private static final int EMPTY_START_BODY = 7;

  private static final int STOP_SIGNAL = 42;

  private ContainerOperations() {}

  static void register(RouteTable routes) {
    routes
        .on("GET", "/containers/json", ContainerList::handle)
        .on("POST", "/containers/create", ContainerOperations::create)
        .on("GET", "/containers/{id}/json", ContainerOperations::inspect)
        .on("GET", "/containers/{id}/top", ContainerOperations::top)
        .on("POST", "/containers/{id}/start", ContainerOperations::start)
        .on("POST", "/containers/{id}/stop", Work.WAITING, ContainerOperations::stop)
        .on("POST", "/containers/{id}/restart", Work.WAITING, ContainerOperations::restart)
        .on("POST", "/containers/{id}/kill", ContainerOperations::kill)
        .on("POST", "/containers/{id}/rename", ContainerOperations::rename)
        .on("POST", "/containers/{id}/resize", ContainerOperations::resize)
        .on("DELETE", "/containers/{id}", Work.WAITING, ContainerOperations::remove);
  }

  private static void create(Exchange exchange) {
    String name = exchange.query().get("name");
    exchange.checkForJson();
    ContainerSpec spec =
        ContainerRequest.specification(
            Fields.of(JsonReader.read(exchange.body()), ContainerRequest.TYPE));
    checkPlatform(exchange);
    Created created = exchange.engine().containers().create(name.isEmpty() ? null : name, spec);
    exchange.answer(
        201,
        out ->
            out.object(
                () -> out.field("Id", created.id()).strings("Warnings", created.warnings())));
  }

  /** The platform of the machine goes without saying; there is no other. */
  private static void checkPlatform(Exchange exchange) {
    String platform = exchange.query().get("platform");
    if (platform.isEmpty() || platform.equals("linux")) {
      return;
    }
    String own = "linux/" + exchange.engine().system().version().arch();
    if (!platform.equals(own)) {
      throw EngineException.unsupported(
          "the platform " + platform + " is not supported: this engine runs " + own);
    }
  }

  private static void inspect(Exchange exchange) {
    Containers containers = exchange.engine().containers();
    String id = exchange.path("id");
    ContainerDetails container = containers.inspect(id);
    Sizes sizes = exchange.query().flag("size") ? containers.sizes(id) : null;
    exchange.answer(
        200, out -> ContainerInspectJson.write(out, container, sizes, exchange.version()));
  }

  private static void top(Exchange exchange) {
    String arguments = exchange.query().get("ps_args").trim();
    List<String> words = arguments.isEmpty() ? List.of("-ef") : List.of(arguments.split("\\s+"));
    ProcessTable table = exchange.engine().containers().top(exchange.path("id"), words);
    exchange.answer(
        200,
        out ->
            out.object(
                () ->
                    out.array("Processes", table.rows(), row -> out.array(row, out::value))
                        .strings("Titles", table.titles())));
  }

  private static void start(Exchange exchange) {
    boolean chunked = exchange.request().getHeaders().contains(HttpHeader.TRANSFER_ENCODING);
    if (chunked || exchange.request().getLength() > EMPTY_START_BODY) {
      throw EngineException.invalid(
          "starting container with non-empty request body was deprecated since API v1.22 and"
              + " removed in v1.24");
    }
    exchange.refuse("checkpoint");
    exchange.refuse("checkpoint-dir");
    exchange.engine().containers().start(exchange.path("id"));
    exchange.answer(204);
  }

  private static void stop(Exchange exchange) {
    Integer timeout = exchange.query().integer("t");
    exchange.engine().containers().stop(exchange.path("id"), signal(exchange), timeout);
    exchange.answer(204);
  }

  private static void restart(Exchange exchange) {
    Integer timeout = exchange.query().integer("t");
    exchange.engine().containers().restart(exchange.path("id"), signal(exchange), timeout);
    exchange.answer(204);
  }

  private static String signal(Exchange exchange) {
    boolean given = exchange.version().atLeast(STOP_SIGNAL) && exchange.query().has("signal");
    return given ? exchange.query().get("signal") : null;
  }

  private static void kill(Exchange exchange) {
    String id = exchange.path("id");
    String signal = exchange.query().has("signal") ? exchange.query().get("signal") : null;
    try {
      exchange.engine().containers().kill(id, signal);
    } catch (EngineException e) {
      if (e.kind() == ErrorKind.INVALID) {
        throw e;
      }
      throw new EngineException(
          e.kind(), "Cannot kill container: " + id + ": " + e.getMessage(), e);
    }
    exchange.answer(204);
  }

  private static void rename(Exchange exchange) {
    String name = exchange.query().get("name");
    if (name.isEmpty()) {
      throw EngineException.invalid("Neither old nor new names may be empty");
    }
    exchange.engine().containers().rename(exchange.path("id"), name);
    exchange.answer(204);
  }

  private static void resize(Exchange exchange) {
    Query query = exchange.query();
    int height = GoNumbers.checkedAtoi(query.get("h"));
    int width = GoNumbers.checkedAtoi(query.get("w"));
    exchange.engine().containers().resize(exchange.path("id"), height, width);
    exchange.answer(200);
  }

  private static void remove(Exchange exchange) {
    Query query = exchange.query();
    if (query.flag("link")) {
      exchange.refuse("link");
    }
    exchange
        .engine()
        .containers()
        .remove(exchange.path("id"), query.flag("force"), query.flag("v"));
    exchange.answer(204);
  }
}
