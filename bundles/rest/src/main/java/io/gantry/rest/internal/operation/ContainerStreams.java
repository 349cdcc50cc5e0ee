// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.Containers.WaitCondition;
import io.gantry.api.engine.Containers.WaitResult;
import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.http.ErrorStatus;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.Query;
import io.gantry.rest.internal.http.RouteTable;
import io.gantry.rest.internal.stream.ChunkedStream;
import io.gantry.rest.internal.stream.HijackedStream;
import io.gantry.rest.internal.wire.JsonWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Attach and wait: they last as long as the container does, and hold no thread meanwhile. */
final class ContainerStreams {
  private static final int WAIT_CONDITIONS = 30;
  private static final int CHECKED_CONDITIONS = 42;

  private ContainerStreams() {}

  static void register(RouteTable routes) {
    routes
        .on("POST", "/containers/{id}/attach", ContainerStreams::attach)
        .on("POST", "/containers/{id}/wait", ContainerStreams::await)
        .on("GET", "/containers/{id}/logs", ContainerLogs::handle);
  }

  private static void attach(Exchange exchange) {
    Query query = exchange.query();
    AttachRequest request =
        new AttachRequest(
            query.flag("logs"),
            query.flag("stream"),
            query.flag("stdin"),
            query.flag("stdout"),
            query.flag("stderr"),
            query.has("detachKeys") ? query.get("detachKeys") : null);
    HijackedStream stream = new HijackedStream(exchange);
    AttachedStreams streams;
    try {
      streams = exchange.engine().containers().attach(exchange.path("id"), request, stream);
    } catch (EngineException e) {
      stream.refuse(ErrorStatus.of(e.kind()), e.getMessage());
      return;
    }
    stream.join(streams);
    stream.open(!streams.terminal(), false);
  }

  private static void await(Exchange exchange) {
    CompletableFuture<WaitResult> end =
        exchange
            .engine()
            .containers()
            .waitFor(exchange.path("id"), condition(exchange))
            .toCompletableFuture();
    if (end.isCompletedExceptionally()) {
      throw failure(end);
    }
    if (!exchange.version().atLeast(WAIT_CONDITIONS)) {
      // these clients send the request after the start and know nothing of early headers
      CompletableFuture<WaitResult> unused =
          end.whenComplete((result, failure) -> exchange.complete(() -> answer(exchange, end)));
      return;
    }
    ChunkedStream stream = new ChunkedStream(exchange);
    stream.open("application/json");
    CompletableFuture<Void> told =
        end.handle(ContainerStreams::toldResult)
            .thenCompose(
                result ->
                    stream.write(exchange.json().streamed(out -> write(exchange, out, result))))
            .thenRun(stream::end);
    stream.onGone(() -> told.cancel(false));
  }

  private static RuntimeException failure(CompletableFuture<?> failed) {
    try {
      failed.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        return cause;
      }
      return e;
    }
    throw new IllegalStateException("the wait has not failed");
  }

  private static void answer(Exchange exchange, CompletableFuture<WaitResult> end) {
    if (end.isCompletedExceptionally()) {
      throw failure(end);
    }
    exchange.answer(200, out -> write(exchange, out, end.join()));
  }

  private static WaitResult toldResult(WaitResult result, Throwable failure) {
    return failure == null ? result : new WaitResult(-1, ErrorStatus.message(failure));
  }

  private static void write(Exchange exchange, JsonWriter out, WaitResult result) {
    out.object(
        () -> {
          if (result.error() != null) {
            out.object("Error", () -> out.field("Message", result.error()));
          } else if (!exchange.version().atLeast(CHECKED_CONDITIONS)) {
            out.nullField("Error");
          }
          out.field("StatusCode", result.exitCode());
        });
  }

  private static WaitCondition condition(Exchange exchange) {
    String condition = exchange.query().get("condition");
    if (!exchange.version().atLeast(WAIT_CONDITIONS)) {
      return WaitCondition.NOT_RUNNING;
    }
    return switch (condition) {
      case "", "not-running" -> WaitCondition.NOT_RUNNING;
      case "next-exit" -> WaitCondition.NEXT_EXIT;
      case "removed" -> WaitCondition.REMOVED;
      default -> {
        if (exchange.version().atLeast(CHECKED_CONDITIONS)) {
          throw EngineException.invalid("invalid condition: \"" + condition + "\"");
        }
        yield WaitCondition.NOT_RUNNING;
      }
    };
  }
}
