// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.stream.InputSink;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.StreamType;
import io.gantry.api.stream.Subscription;
import io.gantry.linux.event.EventScope;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * One client that joined the streams of a process. It reads from the spool at its own pace, one
 * chunk on the way at a time, and no thread waits for it. Except for the methods of its interfaces,
 * on the loop's thread.
 */
final class AttachClient implements InputSink, Subscription {
  private static final int CHUNKS_A_TURN = 8;

  private record Ahead(StreamType stream, ByteBuffer bytes) {}

  private final AttachRequest request;
  private final OutputSink sink;
  private final ProcessInput input;
  private final DetachKeys detachKeys;
  private final EventScope events;
  private final BufferPool buffers;
  private final BooleanSupplier mayEnd;
  private final Runnable left;
  private final ArrayDeque<Ahead> ahead = new ArrayDeque<>();
  private final ArrayDeque<Runnable> taken = new ArrayDeque<>();
  private OutputSpool spool;
  private OutputSpool.Cursor cursor;
  private boolean writing;
  private boolean ending;
  private boolean ended;

  /**
   * @param detachKeys null if they are not watched for
   * @param mayEnd whether a client that has got everything is let go
   * @param left called when the client is gone or done
   */
  AttachClient(
      AttachRequest request,
      OutputSink sink,
      ProcessInput input,
      DetachKeys detachKeys,
      EventScope events,
      BufferPool buffers,
      BooleanSupplier mayEnd,
      Runnable left) {
    this.request = request;
    this.sink = sink;
    this.input = input;
    this.detachKeys = detachKeys;
    this.events = events;
    this.buffers = buffers;
    this.mayEnd = mayEnd;
    this.left = left;
  }

  /** From here on the client gets what {@code cursor} reads. */
  void join(OutputSpool from, OutputSpool.Cursor reader) {
    if (ended) {
      reader.close();
      return;
    }
    spool = from;
    cursor = reader;
    pump();
  }

  /** Bytes that come before what the cursor reads. */
  void ahead(StreamType stream, ByteBuffer bytes) {
    if (!ended && bytes.hasRemaining() && wants(stream)) {
      ahead.add(new Ahead(stream, bytes));
      pump();
    }
  }

  /** Runs {@code action} when what lies ahead was sent, or will never be. */
  void whenTaken(Runnable action) {
    if (ended || (ahead.isEmpty() && !writing)) {
      action.run();
    } else {
      taken.add(action);
    }
  }

  /** Nothing comes beyond what the client has before it now. */
  void finishAfterThis() {
    ending = true;
    pump();
  }

  /** Sends what there is, as long as the client takes it. */
  void pump() {
    for (int i = 0; i < CHUNKS_A_TURN; i++) {
      if (ended || writing || !sendNext()) {
        tellTaken();
        return;
      }
    }
    events.execute(this::pump);
  }

  private void tellTaken() {
    while (!taken.isEmpty() && (ended || (ahead.isEmpty() && !writing))) {
      taken.poll().run();
    }
  }

  /** True if the next chunk may be sent at once. */
  private boolean sendNext() {
    Ahead first = ahead.poll();
    if (first != null) {
      return send(first.stream(), first.bytes(), () -> {});
    }
    OutputSpool.Chunk chunk = cursor == null ? null : cursor.next(BufferPool.SIZE);
    if (chunk == null) {
      if (ending || (cursor != null && cursor.atEnd() && mayEnd.getAsBoolean())) {
        end(null);
      }
      return false;
    }
    cursor.advance(chunk);
    if (!wants(chunk.stream())) {
      cursor.release(chunk.stream(), chunk.offset() + chunk.length());
      return true;
    }
    ByteBuffer buffer = buffers.take();
    buffer.limit(chunk.length());
    spool.read(chunk, buffer);
    buffer.flip();
    OutputSpool.Cursor reader = cursor;
    return send(
        chunk.stream(),
        buffer,
        () -> {
          buffers.giveBack(buffer);
          reader.release(chunk.stream(), chunk.offset() + chunk.length());
        });
  }

  private boolean send(StreamType stream, ByteBuffer bytes, Runnable sent) {
    writing = true;
    CompletionStage<Void> stage;
    try {
      stage = sink.write(stream, bytes);
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedFuture(e);
    }
    CompletableFuture<Void> written = stage.toCompletableFuture();
    if (written.isDone() && !written.isCompletedExceptionally()) {
      writing = false;
      sent.run();
      return true;
    }
    CompletableFuture<Void> unused =
        written.whenComplete(
            (done, failure) ->
                events.execute(
                    () -> {
                      writing = false;
                      sent.run();
                      if (failure != null) {
                        gone();
                      } else {
                        pump();
                      }
                    }));
    return false;
  }

  private boolean wants(StreamType stream) {
    return stream == StreamType.STDERR ? request.stderr() : request.stdout();
  }

  /** Ends the delivery in order; not while a write is on its way. */
  void end(Throwable failure) {
    if (!ended && !writing) {
      leave();
      sink.end(failure);
    } else if (writing) {
      ending = true;
      ahead.clear();
      if (cursor != null) {
        cursor.close();
        cursor = null;
      }
    }
  }

  /** The client is gone: nothing can be told to it any more. */
  private void gone() {
    if (!ended) {
      leave();
      if (request.stdin()) {
        input.whenConnected(input::clientEnded);
      }
    }
  }

  private void leave() {
    ended = true;
    ahead.clear();
    if (cursor != null) {
      cursor.close();
    }
    left.run();
    tellTaken();
  }

  @Override
  public CompletionStage<Void> write(ByteBuffer bytes) {
    if (!request.stdin()) {
      return CompletableFuture.completedFuture(null);
    }
    if (detachKeys == null) {
      return input.write(bytes);
    }
    DetachKeys.Scan scan = detachKeys.scan(bytes);
    CompletionStage<Void> written =
        scan.pass().hasRemaining()
            ? input.write(scan.pass())
            : CompletableFuture.completedFuture(null);
    if (scan.detached()) {
      written.whenComplete((done, failure) -> events.execute(() -> end(null)));
    }
    return written;
  }

  @Override
  public void end() {
    if (request.stdin()) {
      input.whenConnected(
          () -> {
            if (!ended && !input.clientEnded()) {
              end(null);
            }
          });
    }
  }

  @Override
  public void close() {
    events.execute(this::gone);
  }
}
