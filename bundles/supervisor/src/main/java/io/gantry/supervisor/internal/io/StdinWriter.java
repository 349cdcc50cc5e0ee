// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscalls;
import io.gantry.linux.event.EventLoop;
import io.gantry.linux.event.EventScope;
import io.gantry.linux.event.Watch;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Writes what clients type into a process, at the pace at which it reads. Works on the loop's
 * thread; {@link #write} may be called from any.
 */
final class StdinWriter {
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int O_NONBLOCK = 0x800;

  private record Write(ByteBuffer bytes, CompletableFuture<Void> written) {}

  private final Fd descriptor;
  private final EventScope events;
  private final BufferPool buffers;
  private final ArrayDeque<Write> queue = new ArrayDeque<>();
  private Watch watch;
  private boolean closed;

  /**
   * @param descriptor the write end or the terminal; it stays the caller's
   */
  StdinWriter(Fd descriptor, EventScope events, BufferPool buffers) {
    this.descriptor = descriptor;
    this.events = events;
    this.buffers = buffers;
    long flags = Syscalls.fcntl(descriptor.number(), F_GETFL, 0);
    Syscalls.fcntl(descriptor.number(), F_SETFL, flags | O_NONBLOCK);
  }

  CompletionStage<Void> write(ByteBuffer bytes) {
    Write write = new Write(bytes, new CompletableFuture<>());
    events.execute(
        () -> {
          if (closed) {
            write.written().completeExceptionally(closed());
            return;
          }
          queue.add(write);
          if (queue.size() == 1) {
            flush();
          }
        });
    return write.written();
  }

  /** Whoever waits is told that nobody reads any more. On the loop's thread. */
  void close() {
    if (!closed) {
      closed = true;
      if (watch != null) {
        watch.cancel();
      }
      fail(closed());
    }
  }

  /** Runs {@code action} when all that was written before has gone. On the loop's thread. */
  void afterWrites(Runnable action) {
    if (queue.isEmpty()) {
      action.run();
    } else {
      CompletableFuture<Void> unused =
          queue.peekLast().written().whenComplete((done, failure) -> action.run());
    }
  }

  private void flush() {
    while (!queue.isEmpty()) {
      int result = writeOnce(queue.peek().bytes());
      if (result == -Errno.EAGAIN) {
        await();
        return;
      }
      if (result < 0) {
        fail(new LinuxException("write to stdin", -result));
        return;
      }
      if (!queue.peek().bytes().hasRemaining()) {
        queue.poll().written().complete(null);
      }
    }
    if (watch != null) {
      watch.pause();
    }
  }

  private int writeOnce(ByteBuffer bytes) {
    ByteBuffer direct = buffers.take();
    try {
      int length = Math.min(direct.capacity(), bytes.remaining());
      direct.put(bytes.slice(bytes.position(), length)).flip();
      if (length == 0) {
        return 0;
      }
      int written = Syscalls.writeRaw(descriptor.number(), direct);
      if (written > 0) {
        bytes.position(bytes.position() + written);
      }
      return written;
    } finally {
      buffers.giveBack(direct);
    }
  }

  private void await() {
    if (watch == null) {
      watch = events.watch(descriptor, EventLoop.WRITABLE, ready -> flush());
    } else {
      watch.resume();
    }
  }

  private void fail(RuntimeException reason) {
    if (watch != null) {
      watch.pause();
    }
    while (!queue.isEmpty()) {
      queue.poll().written().completeExceptionally(reason);
    }
  }

  private static RuntimeException closed() {
    return new LinuxException("write to stdin", Errno.EPIPE);
  }
}
