// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.stream;

import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.wire.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.io.Content;

/**
 * A response of JSON lines that tell how something goes on. Its head goes out with the first. For
 * operations that have a thread of their own: writing blocks while the client does not read.
 */
public final class ProgressStream {
  private final Exchange exchange;
  private boolean begun;
  private boolean gone;

  public ProgressStream(Exchange exchange) {
    this.exchange = exchange;
  }

  /**
   * Writes one line.
   *
   * @throws UncheckedIOException if the client has left, which ends the operation
   */
  public void write(Consumer<JsonWriter> document) {
    begin();
    try {
      byte[] line = exchange.json().progress(document);
      Content.Sink.write(exchange.response(), false, ByteBuffer.wrap(line));
    } catch (IOException e) {
      gone = true;
      throw new UncheckedIOException("the client has left", e);
    }
  }

  public boolean clientIsGone() {
    return gone;
  }

  public void end() {
    begin();
    exchange.response().write(true, null, exchange.callback());
  }

  private void begin() {
    if (!begun) {
      begun = true;
      exchange.beginProgress();
    }
  }
}
