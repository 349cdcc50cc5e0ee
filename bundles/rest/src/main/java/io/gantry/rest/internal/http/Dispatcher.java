// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

import io.gantry.api.engine.EngineView;
import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.http.Exchange.Services;
import io.gantry.rest.internal.http.RouteTable.Match;
import io.gantry.rest.internal.wire.ApiVersion;
import io.gantry.rest.internal.wire.ApiVersion.Versioned;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The edge: strips the version, finds the route, reads the body, picks the thread. */
public final class Dispatcher extends Handler.Abstract {
  /** Of a JSON body. dockerd has no limit; a container's specification has a few kilobytes. */
  static final int BODY_LIMIT = 8 * 1024 * 1024;

  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final HttpField PLAIN_TEXT =
      new HttpField(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");

  /** Threads for what may take long, so that it never keeps short requests waiting. */
  public record Threads(Executor waiting, Executor uploads) {}

  private final RouteTable routes;
  private final Services services;
  private final Threads threads;
  private final Function<Request, EngineView> door;

  public Dispatcher(
      RouteTable routes, Services services, Threads threads, Function<Request, EngineView> door) {
    this.routes = routes;
    this.services = services;
    this.threads = threads;
    this.door = door;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String path = request.getHttpURI().getDecodedPath();
    if (path == null || !path.startsWith("/")) {
      return notFound(request, response, callback);
    }
    if (path.contains("//")) {
      return redirect(request, response, callback, path.replaceAll("/{2,}", "/"));
    }
    Versioned versioned = ApiVersion.split(path);
    boolean options = request.getMethod().equals("OPTIONS");
    Match match = options ? null : routes.find(request.getMethod(), versioned.path());
    if (match == null && !options) {
      return notFound(request, response, callback);
    }
    ApiVersion version =
        versioned.version() == null ? ApiVersion.CURRENT : ApiVersion.parse(versioned.version());
    if (version.compareTo(ApiVersion.CURRENT) > 0) {
      return tooNew(request, response, callback, versioned.version());
    }
    if (version.compareTo(ApiVersion.MINIMUM) < 0) {
      return tooOld(request, response, callback, versioned.version());
    }
    Map<String, String> variables = options ? Map.of() : match.variables();
    Exchange exchange = new Exchange(request, response, callback, services, version, variables);
    try {
      exchange.enter(door.apply(request));
    } catch (RuntimeException e) {
      fail(exchange, e);
      return true;
    }
    if (options) {
      exchange.answer(200);
      return true;
    }
    Route route = match.route();
    switch (route.work()) {
      case NONE -> run(exchange, route);
      case SHORT -> readBody(exchange, route, null);
      case WAITING -> readBody(exchange, route, threads.waiting());
      case UPLOAD -> run(exchange, route, threads.uploads());
    }
    return true;
  }

  private void readBody(Exchange exchange, Route route, Executor executor) {
    Request request = exchange.request();
    if (request.getLength() > BODY_LIMIT) {
      fail(exchange, new RequestTooLargeException(BODY_LIMIT));
      return;
    }
    if (request.getLength() == 0) {
      run(exchange, route, executor);
      return;
    }
    Content.Source.asByteArrayAsync(request, BODY_LIMIT, new Body(exchange, route, executor));
  }

  /** Goes on when the body is there. */
  private final class Body implements Promise.Invocable<byte[]> {
    private final Thread caller = Thread.currentThread();
    private final Exchange exchange;
    private final Route route;
    private final Executor executor;

    Body(Exchange exchange, Route route, Executor executor) {
      this.exchange = exchange;
      this.route = route;
      this.executor = executor;
    }

    @Override
    public void succeeded(byte[] bytes) {
      exchange.body(bytes);
      // another thread than the request's may be the one that reads for all
      boolean other = executor == null && Thread.currentThread() != caller;
      run(exchange, route, other ? exchange.request().getComponents().getExecutor() : executor);
    }

    @Override
    public void failed(Throwable failure) {
      boolean tooLarge = failure instanceof IllegalStateException;
      fail(exchange, tooLarge ? new RequestTooLargeException(BODY_LIMIT) : failure);
    }
  }

  private void run(Exchange exchange, Route route, Executor executor) {
    if (executor == null) {
      run(exchange, route);
      return;
    }
    try {
      executor.execute(() -> run(exchange, route));
    } catch (RejectedExecutionException e) {
      fail(
          exchange,
          EngineException.unavailable(
              "too many requests of this kind are waiting; try again when some have ended"));
    }
  }

  private void run(Exchange exchange, Route route) {
    try {
      route.operation().handle(exchange);
    } catch (Exception e) {
      fail(exchange, e);
    } catch (Error e) {
      fail(exchange, e);
      throw e;
    }
  }

  private static void fail(Exchange exchange, Throwable failure) {
    Request request = exchange.request();
    if (ErrorStatus.of(failure, ApiVersion.CURRENT) == 500) {
      LOG.warn("{} {} failed", request.getMethod(), request.getHttpURI(), failure);
    } else {
      LOG.debug("{} {}: {}", request.getMethod(), request.getHttpURI(), failure.getMessage());
    }
    if (exchange.response().isCommitted()) {
      exchange.callback().failed(failure);
    } else {
      exchange.response().reset();
      exchange.error(failure);
    }
  }

  private boolean notFound(Request request, Response response, Callback callback) {
    response.setStatus(404);
    response.getHeaders().add(DaemonHeaders.JSON).add(date(request));
    return message(response, callback, "page not found");
  }

  private boolean redirect(Request request, Response response, Callback callback, String path) {
    response.setStatus(301);
    response.getHeaders().add(HttpHeader.LOCATION, path).add(date(request));
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
    response.write(true, null, callback);
    return true;
  }

  private boolean tooNew(Request request, Response response, Callback callback, String version) {
    response.setStatus(400);
    services.headers().addEarlyTo(response.getHeaders(), DaemonHeaders.JSON);
    response.getHeaders().add(date(request));
    return message(
        response,
        callback,
        "client version "
            + version
            + " is too new. Maximum supported API version is "
            + ApiVersion.CURRENT);
  }

  /** Clients that old do not know JSON errors. */
  private boolean tooOld(Request request, Response response, Callback callback, String version) {
    response.setStatus(400);
    services.headers().addEarlyTo(response.getHeaders(), PLAIN_TEXT);
    response.getHeaders().add("X-Content-Type-Options", "nosniff").add(date(request));
    String text =
        "client version "
            + version
            + " is too old. Minimum supported API version is "
            + ApiVersion.MINIMUM
            + ", please upgrade your client to a newer version\n";
    response.write(true, ByteBuffer.wrap(DaemonHeaders.utf8(text)), callback);
    return true;
  }

  private boolean message(Response response, Callback callback, String message) {
    byte[] text = services.json().answer(out -> out.object(() -> out.field("message", message)));
    response.write(true, ByteBuffer.wrap(text), callback);
    return true;
  }

  private static HttpField date(Request request) {
    return request.getConnectionMetaData().getConnector().getServer().getDateField();
  }
}
