// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

import io.gantry.api.engine.EngineView;
import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.wire.ApiVersion;
import io.gantry.rest.internal.wire.Fields;
import io.gantry.rest.internal.wire.GoJson;
import io.gantry.rest.internal.wire.JsonReader;
import io.gantry.rest.internal.wire.JsonWriter;
import io.gantry.rest.internal.wire.MalformedRequestException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** One request on its way through an operation, and its answer, which is given once. */
public final class Exchange {
  /** Go's server buffers this much; a body that fits has a length, a longer one comes in chunks. */
  private static final int LARGEST_WITH_LENGTH = 2048;

  private static final HttpField CHUNKED =
      new HttpField(HttpHeader.TRANSFER_ENCODING, HttpHeaderValue.CHUNKED);

  /** What exchanges share. */
  public record Services(GoJson json, DaemonHeaders headers) {}

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final Services services;
  private final ApiVersion version;
  private final Map<String, String> path;
  private EngineView engine;
  private Query query;
  private byte[] body = {};
  private boolean badJsonIsTold;

  Exchange(
      Request request,
      Response response,
      Callback callback,
      Services services,
      ApiVersion version,
      Map<String, String> path) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.services = services;
    this.version = version;
    this.path = path;
  }

  Services services() {
    return services;
  }

  public Request request() {
    return request;
  }

  public Response response() {
    return response;
  }

  public Callback callback() {
    return callback;
  }

  public ApiVersion version() {
    return version;
  }

  public GoJson json() {
    return services.json();
  }

  void enter(EngineView view) {
    engine = view;
  }

  /** The engine as the caller may use it. */
  public EngineView engine() {
    return engine;
  }

  /** A variable of the route's template. */
  public String path(String variable) {
    return path.get(variable);
  }

  public Query query() {
    if (query == null) {
      query = Query.parse(request.getHttpURI().getQuery());
    }
    return query;
  }

  /**
   * Turns down a parameter that is not built, rather than to pass over it.
   *
   * @throws EngineException UNSUPPORTED if it is there
   */
  public void refuse(String parameter) {
    if (query().has(parameter)) {
      throw EngineException.unsupported(
          "the parameter " + parameter + " is not supported by this version of Gantry");
    }
  }

  void body(byte[] bytes) {
    body = bytes;
  }

  public byte[] body() {
    return body;
  }

  /** The body of an upload, which is not in memory. Reading it blocks. */
  public InputStream upload() {
    return Content.Source.asInputStream(request);
  }

  /**
   * The body as JSON.
   *
   * @param type the Go type that messages name
   */
  public Fields fields(String type) {
    checkForJson();
    if (body.length == 0) {
      throw MalformedRequestException.badRequest("got EOF while reading request body");
    }
    badJsonIsTold = true;
    return Fields.of(JsonReader.read(body), type);
  }

  /** A body must say that it is JSON; no body need not say anything. */
  public void checkForJson() {
    String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
    if (type == null && body.length == 0) {
      return;
    }
    String mime = type == null ? null : MimeTypes.getContentTypeWithoutCharset(type);
    if (!"application/json".equalsIgnoreCase(mime)) {
      throw MalformedRequestException.badRequest(
          "Content-Type specified (" + (type == null ? "" : type) + ") must be 'application/json'");
    }
  }

  /** An answer without a body; of length 0 where a status may have one. */
  public void answer(int status) {
    response.setStatus(status);
    addHeaders(List.of());
    if (status != 204 && status != 304) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, 0);
    }
    response.write(true, null, callback);
  }

  public void answer(int status, Consumer<JsonWriter> document) {
    response.setStatus(status);
    addHeaders(List.of(DaemonHeaders.JSON));
    send(json().answer(document));
  }

  /** Goes on with an exchange on whatever thread; what is thrown becomes the answer. */
  public void complete(Runnable rest) {
    try {
      rest.run();
    } catch (RuntimeException e) {
      error(e);
    }
  }

  void error(Throwable failure) {
    boolean badJson = badJsonIsTold && failure instanceof MalformedRequestException;
    int status = badJson ? 400 : ErrorStatus.of(failure, version);
    if (status == 304) {
      answer(status);
      return;
    }
    if (status == 500) {
      request.addHttpStreamWrapper(GoReason::new);
    }
    answer(status, out -> out.object(() -> out.field("message", ErrorStatus.message(failure))));
  }

  private void send(byte[] text) {
    if (text.length > LARGEST_WITH_LENGTH
        && request.getConnectionMetaData().getHttpVersion()
            == org.eclipse.jetty.http.HttpVersion.HTTP_1_1) {
      response.getHeaders().put(CHUNKED);
    }
    response.write(true, ByteBuffer.wrap(text), callback);
  }

  private void addHeaders(List<HttpField> own) {
    services.headers().addTo(response.getHeaders(), own, List.of(), date());
  }

  HttpField date() {
    return request.getConnectionMetaData().getConnector().getServer().getDateField();
  }

  /** The lines of a head after its status, for a response that Jetty does not write. */
  public String head(String contentType) {
    return services.headers().lines(contentType, date());
  }

  /** The same without a content type and a date, which dockerd leaves out of a hijacked head. */
  public String hijackedHead() {
    return services.headers().lines(null, null);
  }

  /** Sends what a progress stream begins with; the body follows in chunks. */
  public void beginProgress() {
    response.setStatus(200);
    addHeaders(new ArrayList<>(List.of(DaemonHeaders.JSON)));
  }
}
