// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.stream;

import io.gantry.rest.internal.http.Exchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;

/**
 * The body of a response that may be silent for hours. The head goes out at once, each write is one
 * chunk, a client that leaves is noticed without a write, and no thread waits. Jetty's own response
 * cannot do this: it reads from an idle client only when the response is over.
 */
public final class ChunkedStream implements RawConnection.Input {
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final Exchange exchange;
  private final RawConnection connection;
  private final boolean chunked;
  private final boolean keepAlive;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  public ChunkedStream(Exchange exchange) {
    Request request = exchange.request();
    this.exchange = exchange;
    this.connection = Takeover.prepare(request, this);
    this.chunked = request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1;
    this.keepAlive = chunked && request.getConnectionMetaData().isPersistent();
  }

  /** Sends the head. Writes before this wait for it. */
  public void open(String contentType) {
    String framing = chunked ? "Transfer-Encoding: chunked\r\n" : "";
    String closing = keepAlive ? "" : "Connection: close\r\n";
    String head = "HTTP/1.1 200 OK\r\n" + exchange.head(contentType) + closing + framing + "\r\n";
    Takeover.start(exchange.request(), exchange.response(), exchange.callback(), head, connection);
  }

  public CompletionStage<Void> write(byte[] bytes) {
    return write(ByteBuffer.wrap(bytes));
  }

  public CompletionStage<Void> write(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      return CompletableFuture.completedStage(null);
    }
    if (!chunked) {
      return connection.write(bytes);
    }
    String size = Integer.toHexString(bytes.remaining()) + "\r\n";
    return connection.write(
        ByteBuffer.wrap(size.getBytes(StandardCharsets.US_ASCII)),
        bytes,
        ByteBuffer.wrap(LINE_END));
  }

  /** Ends the body; the connection serves the client's next request. */
  public void end() {
    if (!chunked) {
      connection.finish();
      return;
    }
    CompletableFuture<Void> unused =
        connection
            .write(ByteBuffer.wrap(LAST_CHUNK))
            .thenRun(
                () -> {
                  if (keepAlive) {
                    handBack();
                  } else {
                    connection.finish();
                  }
                });
  }

  /** Breaks the body off, so that the client sees that it is not whole. */
  public void abort() {
    connection.close();
  }

  private void handBack() {
    Connector connector = exchange.request().getConnectionMetaData().getConnector();
    HttpConnectionFactory http = connector.getConnectionFactory(HttpConnectionFactory.class);
    connection.handBack(http.newConnection(connector, connection.getEndPoint()));
  }

  /** Runs the action when the client has left; at once if it has. */
  public void onGone(Runnable action) {
    CompletableFuture<Void> unused = gone.thenRun(action);
  }

  /** The client is in a hurry with its next request: its turn comes after this response. */
  @Override
  public CompletionStage<Void> receive(ByteBuffer bytes) {
    connection.keepUnread(bytes);
    return CompletableFuture.completedStage(null);
  }

  /** A client that sends no more does not listen either, as Go's server sees it. */
  @Override
  public void endOfInput() {
    connection.close();
  }

  @Override
  public void gone() {
    gone.complete(null);
  }
}
