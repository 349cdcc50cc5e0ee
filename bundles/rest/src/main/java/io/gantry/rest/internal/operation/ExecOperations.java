// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.ExecDetails;
import io.gantry.api.engine.ExecSpec;
import io.gantry.api.engine.Execs;
import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.http.ErrorStatus;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.GoNumbers;
import io.gantry.rest.internal.http.RouteTable;
import io.gantry.rest.internal.stream.HijackedStream;
import io.gantry.rest.internal.wire.ExecJson;
import io.gantry.rest.internal.wire.Fields;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Further processes in containers. */
final class ExecOperations {
  private static final Logger LOG = LoggerFactory.getLogger(ExecOperations.class);

  private static final int CONSOLE_SIZE = 42;

  private ExecOperations() {}

  static void register(RouteTable routes) {
    routes
        .on("POST", "/containers/{id}/exec", ExecOperations::create)
        .on("POST", "/exec/{id}/start", ExecOperations::start)
        .on("POST", "/exec/{id}/resize", ExecOperations::resize)
        .on("GET", "/exec/{id}/json", ExecOperations::inspect);
  }

  private static void create(Exchange exchange) {
    Fields body = exchange.fields("types.ExecConfig");
    ExecSpec spec =
        new ExecSpec(
            body.strings("Cmd"),
            body.strings("Env"),
            body.string("User"),
            body.string("WorkingDir"),
            body.bool("Tty"),
            body.bool("AttachStdin"),
            body.bool("AttachStdout"),
            body.bool("AttachStderr"),
            body.bool("Privileged"),
            body.string("DetachKeys"));
    if (spec.cmd().isEmpty()) {
      throw EngineException.invalid("No exec command specified");
    }
    String id = exchange.engine().execs().create(exchange.path("id"), spec);
    exchange.answer(201, out -> out.object(() -> out.field("Id", id)));
  }

  private static void start(Exchange exchange) {
    Fields body = exchange.fields("types.ExecStartCheck");
    boolean detach = body.bool("Detach");
    boolean terminal = body.bool("Tty");
    boolean sized = exchange.version().atLeast(CONSOLE_SIZE);
    List<Integer> size = sized ? body.integers("ConsoleSize") : List.of();
    Integer height = size.size() == 2 ? size.get(0) : null;
    Integer width = size.size() == 2 ? size.get(1) : null;
    String id = exchange.path("id");
    Execs execs = exchange.engine().execs();
    execs.inspect(id);
    if (detach) {
      execs.start(id, null, height, width);
      exchange.answer(200);
      return;
    }
    HijackedStream stream = new HijackedStream(exchange);
    stream.open(!terminal, true);
    // from here on the answer is given: what goes wrong is said in band
    try {
      stream.join(execs.start(id, stream, height, width));
    } catch (RuntimeException e) {
      LOG.debug("exec {} did not start", id, e);
      stream.say(ErrorStatus.message(e) + "\r\n");
    }
  }

  private static void resize(Exchange exchange) {
    int height = GoNumbers.checkedAtoi(exchange.query().get("h"));
    int width = GoNumbers.checkedAtoi(exchange.query().get("w"));
    exchange.engine().execs().resize(exchange.path("id"), height, width);
    exchange.answer(200);
  }

  private static void inspect(Exchange exchange) {
    ExecDetails exec = exchange.engine().execs().inspect(exchange.path("id"));
    exchange.answer(200, out -> ExecJson.write(out, exec));
  }
}
