// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.LogSink;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.StreamType;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Output of the engine, written by the command's own thread: a slow client holds up that thread
 * and, through the stages, the producer, but none of the engine's threads.
 */
final class ConsoleOutput implements OutputSink {
  private final PrintStream console;
  private final BlockingQueue<Runnable> chunks = new LinkedBlockingQueue<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  ConsoleOutput(PrintStream console) {
    this.console = console;
  }

  @Override
  public CompletionStage<Void> write(StreamType stream, ByteBuffer chunk) {
    return later(() -> print(chunk));
  }

  @Override
  public void end(Throwable failure) {
    chunks.add(
        () -> {
          if (failure == null) {
            ended.complete(null);
          } else {
            ended.completeExceptionally(failure);
          }
        });
  }

  LogSink logSink() {
    return new LogSink() {
      @Override
      public CompletionStage<Void> write(List<LogEntry> entries) {
        return later(() -> entries.forEach(ConsoleOutput.this::print));
      }

      @Override
      public void end(Throwable failure) {
        ConsoleOutput.this.end(failure);
      }
    };
  }

  private CompletionStage<Void> later(Runnable print) {
    CompletableFuture<Void> printed = new CompletableFuture<>();
    chunks.add(
        () -> {
          print.run();
          printed.complete(null);
        });
    return printed;
  }

  private void print(ByteBuffer chunk) {
    byte[] bytes = new byte[chunk.remaining()];
    chunk.get(bytes);
    console.write(bytes, 0, bytes.length);
    console.flush();
  }

  private void print(LogEntry entry) {
    console.write(entry.line(), 0, entry.line().length);
    if (entry.complete()) {
      console.write('\n');
    }
    console.flush();
  }

  /** Prints until the end has come. */
  void drain() throws Exception {
    while (!ended.isDone()) {
      chunks.take().run();
    }
    try {
      ended.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
