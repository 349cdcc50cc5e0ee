// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.stream;

import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.StreamType;
import io.gantry.rest.internal.http.Exchange;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;

/**
 * A client joined to a process over a connection that stopped being HTTP. Output that comes before
 * {@link #open} waits: its producer is told to. Streams of a process without a terminal share the
 * connection as frames.
 */
public final class HijackedStream implements OutputSink, RawConnection.Input {
  private static final String RAW = "application/vnd.docker.raw-stream";
  private static final String MULTIPLEXED = "application/vnd.docker.multiplexed-stream";

  /** The first version that tells the two apart. */
  private static final int MULTIPLEXED_TYPE = 42;

  private final Exchange exchange;
  private final RawConnection connection;
  private final CompletableFuture<AttachedStreams> joined = new CompletableFuture<>();
  private volatile boolean framed;

  public HijackedStream(Exchange exchange) {
    this.exchange = exchange;
    this.connection = Takeover.prepare(exchange.request(), this);
  }

  /**
   * Answers the request and lets bytes flow.
   *
   * @param framed whether output is sent in frames
   * @param headers whether the usual headers are sent too; dockerd sends them for exec alone
   */
  public void open(boolean framed, boolean headers) {
    this.framed = framed;
    boolean upgrade = exchange.request().getHeaders().contains(HttpHeader.UPGRADE);
    boolean named = framed && exchange.version().atLeast(MULTIPLEXED_TYPE);
    String head =
        (upgrade ? "HTTP/1.1 101 UPGRADED\r\n" : "HTTP/1.1 200 OK\r\n")
            + ("Content-Type: " + (named ? MULTIPLEXED : RAW) + "\r\n")
            + (upgrade ? "Connection: Upgrade\r\nUpgrade: tcp\r\n" : "")
            + (headers ? exchange.hijackedHead() : "")
            + "\r\n";
    start(head);
  }

  /** Answers with an error, as dockerd does on a connection that it has hijacked already. */
  public void refuse(int status, String message) {
    String reason = status == 500 ? "Internal Server Error" : HttpStatus.getMessage(status);
    start(
        "HTTP/1.1 "
            + status
            + " "
            + reason
            + "\r\nContent-Type: "
            + RAW
            + "\r\n\r\n"
            + message
            + "\r\n");
    connection.finish();
  }

  private void start(String head) {
    Takeover.start(exchange.request(), exchange.response(), exchange.callback(), head, connection);
  }

  /** The process whose streams these are. Before or after {@link #open}. */
  public void join(AttachedStreams streams) {
    joined.complete(streams);
  }

  /** Says something to the client in band, and ends. */
  public void say(String message) {
    write(StreamType.STDOUT, ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8)))
        .whenComplete((written, failure) -> end(null));
  }

  @Override
  public CompletionStage<Void> write(StreamType stream, ByteBuffer chunk) {
    if (connection.opened().isDone()) {
      return writeOpened(stream, chunk);
    }
    return connection.opened().thenCompose(open -> writeOpened(stream, chunk));
  }

  private CompletableFuture<Void> writeOpened(StreamType stream, ByteBuffer chunk) {
    if (!framed) {
      return connection.write(chunk);
    }
    return connection.write(Frames.header(stream, chunk.remaining()), chunk);
  }

  @Override
  public void end(Throwable failure) {
    connection.finish();
  }

  @Override
  public CompletionStage<Void> receive(ByteBuffer bytes) {
    if (joined.isDone()) {
      return joined.join().input().write(bytes);
    }
    return joined.thenCompose(streams -> streams.input().write(bytes));
  }

  /** The client's half-close. */
  @Override
  public void endOfInput() {
    CompletableFuture<Void> unused = joined.thenAccept(streams -> streams.input().end());
  }

  @Override
  public void gone() {
    CompletableFuture<Void> unused = joined.thenAccept(streams -> streams.subscription().close());
  }
}
