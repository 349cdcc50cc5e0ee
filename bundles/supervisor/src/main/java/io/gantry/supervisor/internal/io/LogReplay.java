// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.api.engine.LogSink;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.stream.StreamType;
import io.gantry.core.task.TaskRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gives a client that joins what the log holds, as the bytes that were put out. */
final class LogReplay implements LogSink {
  private static final LogQuery ALL = new LogQuery(true, true, 0, 0, -1);

  private final StreamContext context;
  private final TaskRequest.Log log;
  private final LogPosition end;
  private final AttachClient client;
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  LogReplay(StreamContext context, TaskRequest.Log log, LogPosition end, AttachClient client) {
    this.context = context;
    this.log = log;
    this.end = end;
    this.client = client;
  }

  CompletionStage<Void> run() {
    new LogDelivery(context, log.driver(), log.target(), ALL, () -> end, null, this).begin();
    return done;
  }

  @Override
  public CompletionStage<Void> write(List<LogEntry> entries) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    context
        .events()
        .execute(
            () -> {
              ByteArrayOutputStream bytes = new ByteArrayOutputStream();
              StreamType stream = null;
              for (LogEntry entry : entries) {
                if (stream != null && stream != entry.stream()) {
                  client.ahead(stream, ByteBuffer.wrap(bytes.toByteArray()));
                  bytes.reset();
                }
                stream = entry.stream();
                bytes.writeBytes(entry.line());
                if (entry.complete()) {
                  bytes.write('\n');
                }
              }
              if (stream != null) {
                client.ahead(stream, ByteBuffer.wrap(bytes.toByteArray()));
              }
              client.whenTaken(() -> taken.complete(null));
            });
    return taken;
  }

  @Override
  public void end(Throwable failure) {
    if (failure == null) {
      done.complete(null);
    } else {
      done.completeExceptionally(failure);
    }
  }
}
