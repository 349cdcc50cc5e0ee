// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.LogSink;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.StreamType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives a client that attaches to what has ended its log, as the bytes that were put out. */
record LogToOutput(OutputSink output) implements LogSink {
  @Override
  public CompletionStage<Void> write(List<LogEntry> entries) {
    CompletionStage<Void> written = CompletableFuture.completedFuture(null);
    for (int from = 0; from < entries.size(); ) {
      StreamType stream = entries.get(from).stream();
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      int to = from;
      for (; to < entries.size() && entries.get(to).stream() == stream; to++) {
        bytes.writeBytes(entries.get(to).line());
        if (entries.get(to).complete()) {
          bytes.write('\n');
        }
      }
      from = to;
      ByteBuffer chunk = ByteBuffer.wrap(bytes.toByteArray());
      written = written.thenCompose(before -> output.write(stream, chunk));
    }
    return written;
  }

  @Override
  public void end(Throwable failure) {
    output.end(failure);
  }
}
