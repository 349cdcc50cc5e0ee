// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.LogsRequest;
import io.gantry.api.error.EngineException;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.stream.Subscription;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.GoNumbers;
import io.gantry.rest.internal.http.Query;
import io.gantry.rest.internal.stream.ChunkedStream;
import io.gantry.rest.internal.stream.LogStream;
import io.gantry.rest.internal.wire.GoTime;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** {@code GET /containers/{id}/logs}. */
final class ContainerLogs {
  private static final int CONTENT_TYPE = 42;

  private ContainerLogs() {}

  static void handle(Exchange exchange) {
    Query query = exchange.query();
    boolean stdout = query.flag("stdout");
    boolean stderr = query.flag("stderr");
    if (!stdout && !stderr) {
      throw EngineException.invalid("Bad parameters: you must choose at least one stream");
    }
    String id = exchange.path("id");
    ContainerDetails container = exchange.engine().containers().inspect(id);
    LogQuery wanted =
        new LogQuery(stdout, stderr, nanos(query, "since"), nanos(query, "until"), tail(query));
    boolean terminal = container.spec().process().tty();
    ChunkedStream stream = new ChunkedStream(exchange);
    LogStream sink =
        new LogStream(
            stream,
            !terminal,
            query.flag("timestamps"),
            query.flag("details") ? details(container.spec()) : null);
    Subscription subscription =
        exchange
            .engine()
            .containers()
            .logs(id, new LogsRequest(wanted, query.flag("follow")), sink);
    stream.onGone(subscription::close);
    stream.open(contentType(exchange, terminal));
  }

  private static String contentType(Exchange exchange, boolean terminal) {
    if (!exchange.version().atLeast(CONTENT_TYPE)) {
      return null;
    }
    return "application/vnd.docker." + (terminal ? "raw" : "multiplexed") + "-stream";
  }

  private static long nanos(Query query, String name) {
    String text = query.get(name);
    if (text.isEmpty() || text.equals("0")) {
      return 0;
    }
    Instant time = GoNumbers.timestamp(text);
    return time.isBefore(Instant.EPOCH) ? 0 : GoTime.nanos(time);
  }

  /** What is no number is all. */
  private static long tail(Query query) {
    String text = query.get("tail");
    boolean number =
        !text.isEmpty() && text.length() < 19 && text.chars().allMatch(Character::isDigit);
    return number ? Long.parseLong(text) : -1;
  }

  /** The labels and variables that the log's options name, in the form of a query. */
  private static String details(ContainerSpec spec) {
    Map<String, String> options = spec.log().options();
    Map<String, String> chosen = new TreeMap<>();
    for (String label : names(options.get("labels"))) {
      String value = spec.identity().labels().get(label);
      if (value != null) {
        chosen.put(label, value);
      }
    }
    for (String variable : names(options.get("env"))) {
      spec.process().env().stream()
          .filter(setting -> setting.startsWith(variable + "="))
          .forEach(setting -> chosen.put(variable, setting.substring(variable.length() + 1)));
    }
    if (options.containsKey("tag")) {
      chosen.put("tag", options.get("tag"));
    }
    StringBuilder text = new StringBuilder();
    chosen.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : ",")
                .append(escape(name))
                .append('=')
                .append(escape(value)));
    return text.toString();
  }

  private static String[] names(String list) {
    return list == null || list.isEmpty() ? new String[0] : list.split(",", -1);
  }

  private static String escape(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
