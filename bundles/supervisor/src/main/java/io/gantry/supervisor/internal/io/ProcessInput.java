// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.core.task.TaskRequest.StdinMode;
import io.gantry.linux.Fd;
import io.gantry.linux.Syscalls;
import io.gantry.linux.event.EventScope;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The way into one process, shared by its clients. What is written before the process is there
 * waits. Except {@link #write}, on the loop's thread.
 */
final class ProcessInput {
  private final boolean terminal;
  private final EventScope events;
  private final BufferPool buffers;
  private final CompletableFuture<StdinWriter> ready = new CompletableFuture<>();
  private StdinMode mode = StdinMode.CLOSED;
  private Fd stdin;
  private Fd closeStdin;

  ProcessInput(boolean terminal, EventScope events, BufferPool buffers) {
    this.terminal = terminal;
    this.events = events;
    this.buffers = buffers;
  }

  void connect(ShimHandle handle, StdinMode stdinMode) {
    mode = stdinMode;
    closeStdin = handle.closeStdin();
    stdin = terminal && handle.stdin() == null ? handle.stdout() : handle.stdin();
    if (stdin != null && mode != StdinMode.CLOSED) {
      ready.complete(new StdinWriter(stdin, events, buffers));
    } else {
      ready.cancel(false);
    }
  }

  /** Bytes for a process that has no stdin are dropped. */
  CompletionStage<Void> write(ByteBuffer bytes) {
    return ready
        .handle((writer, none) -> writer)
        .thenCompose(
            writer ->
                writer == null ? CompletableFuture.completedFuture(null) : writer.write(bytes));
  }

  /** Runs {@code action} on the loop once the process is there and has a stdin. */
  void whenConnected(Runnable action) {
    CompletableFuture<Void> unused = ready.thenAccept(writer -> events.execute(action));
  }

  /**
   * A client has no more bytes.
   *
   * @return whether stdin closes; if not, the client is done altogether, as with dockerd
   */
  boolean clientEnded() {
    boolean closes = mode == StdinMode.OPEN_ONCE && !terminal;
    if (closes) {
      whenConnected(() -> ready.join().afterWrites(this::closeForGood));
    }
    return closes;
  }

  private void closeForGood() {
    ready.join().close();
    if (closeStdin != null && closeStdin.open()) {
      Syscalls.writeLong(closeStdin.number(), 1); // the shim closes its copy
    }
    if (stdin != null) {
      stdin.close();
    }
  }

  /** The process ended. */
  void close() {
    if (!ready.isDone()) {
      ready.cancel(false);
    } else if (!ready.isCompletedExceptionally()) {
      ready.join().close();
    }
  }
}
