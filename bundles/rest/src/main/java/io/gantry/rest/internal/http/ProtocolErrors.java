// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

import io.gantry.rest.internal.wire.GoJson;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Errors that Jetty finds before a request reaches us, in the shape of the API's errors. */
public final class ProtocolErrors implements Request.Handler {
  private final GoJson json;

  public ProtocolErrors(GoJson json) {
    this.json = json;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    String reason = (String) request.getAttribute(ErrorHandler.ERROR_MESSAGE);
    String message = reason != null ? reason : HttpStatus.getMessage(response.getStatus());
    response.getHeaders().put(DaemonHeaders.JSON);
    byte[] text = json.answer(out -> out.object(() -> out.field("message", message)));
    response.write(true, ByteBuffer.wrap(text), callback);
    return true;
  }
}
