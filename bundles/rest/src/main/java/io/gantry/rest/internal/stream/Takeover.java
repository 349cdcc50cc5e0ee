// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Takes a connection away from HTTP in the middle of an exchange, with a response head of our own.
 * Jetty's generator would write {@code 101 Switching Protocols}, and would end the body of a 200.
 */
final class Takeover {
  private Takeover() {}

  /** The request's body must have been read to its end. */
  static RawConnection prepare(Request request, RawConnection.Input input) {
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    return new RawConnection(
        endPoint,
        request.getComponents().getExecutor(),
        request.getComponents().getByteBufferPool(),
        input);
  }

  static void start(
      Request request, Response response, Callback exchange, String head, RawConnection raw) {
    raw.getEndPoint().setIdleTimeout(0);
    request.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, raw);
    request.addHttpStreamWrapper(stream -> new OwnHead(stream, raw, head));
    response.setStatus(200);
    exchange.succeeded();
  }

  private static final class OwnHead extends HttpStream.Wrapper {
    private final RawConnection raw;
    private final String head;
    private boolean sent;

    OwnHead(HttpStream stream, RawConnection raw, String head) {
      super(stream);
      this.raw = raw;
      this.head = head;
    }

    @Override
    public void send(
        MetaData.Request request,
        MetaData.Response response,
        boolean last,
        ByteBuffer content,
        Callback callback) {
      if (sent) {
        callback.succeeded();
        return;
      }
      sent = true;
      raw.getEndPoint().write(callback, ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void failed(Throwable failure) {
      super.failed(failure);
      raw.openFailed(failure);
    }
  }
}
