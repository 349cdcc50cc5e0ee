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

/**
 * A client joined to a process over a connection that stopped being HTTP. Output that comes before
 * {@link #open} waits: its producer is told to. Streams of a process without a terminal share the
 * connection as frames.
 */
public final class HijackedStream implements OutputSink, RawConnection.Input {
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
   */
  public void open(String head, boolean framed) {
    this.framed = framed;
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
    joined.thenAccept(streams -> streams.input().end());
  }

  @Override
  public void gone() {
    joined.thenAccept(streams -> streams.subscription().close());
  }
}
