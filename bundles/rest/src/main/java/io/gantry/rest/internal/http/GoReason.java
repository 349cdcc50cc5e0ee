// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

import java.nio.ByteBuffer;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.util.Callback;

/** Says {@code Internal Server Error} with a 500, as Go and the RFC, where Jetty is shorter. */
final class GoReason extends HttpStream.Wrapper {
  GoReason(HttpStream stream) {
    super(stream);
  }

  @Override
  public void send(
      MetaData.Request request,
      MetaData.Response response,
      boolean last,
      ByteBuffer content,
      Callback callback) {
    super.send(request, response == null ? null : withReason(response), last, content, callback);
  }

  private static MetaData.Response withReason(MetaData.Response response) {
    return new MetaData.Response(
        response.getStatus(),
        "Internal Server Error",
        response.getHttpVersion(),
        response.getHttpFields(),
        response.getContentLength(),
        response.getTrailersSupplier());
  }
}
