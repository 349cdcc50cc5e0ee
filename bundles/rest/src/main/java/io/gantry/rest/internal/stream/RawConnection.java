// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.RetainableByteBuffer;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;

/**
 * A connection that is no longer spoken HTTP on: bytes go in and out as they are. No thread waits
 * for it. Reading stops while the receiver is busy, so that the client feels it.
 */
final class RawConnection extends AbstractConnection
    implements Connection.UpgradeTo, Connection.UpgradeFrom {
  private static final int READ_SIZE = 32 * 1024;

  /**
   * How long a client may take to close after our end. Closing at once, with bytes of the client
   * unread, would reset the connection and could cost it the last output.
   */
  private static final long LINGER_MILLIS = 5000;

  /** What becomes of the client's bytes. */
  interface Input {
    /** Takes bytes; the buffer is free again when the stage completes. */
    CompletionStage<Void> receive(ByteBuffer bytes);

    /** The client will send no more. */
    void endOfInput();

    /** The connection is gone. Called at most once. */
    void gone();
  }

  private enum Reading {
    NOT_YET,
    ACTIVE,
    WAITING,
    PAUSED,
    ENDED
  }

  private final ByteBufferPool buffers;
  private final Input input;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final Object lock = new Object();
  private Reading reading = Reading.NOT_YET;
  private CompletableFuture<Void> lastWrite = opened;
  private boolean discarding;
  private boolean finished;
  private boolean goneReported;
  private Connection successor;
  private ByteBuffer unread;

  RawConnection(EndPoint endPoint, Executor executor, ByteBufferPool buffers, Input input) {
    super(endPoint, executor);
    this.buffers = buffers;
    this.input = input;
  }

  /** Completes when the head of the response is out and raw bytes may follow. */
  CompletableFuture<Void> opened() {
    return opened;
  }

  /** Writes when the connection is open and what was written before is out. */
  CompletableFuture<Void> write(ByteBuffer... bytes) {
    CompletableFuture<Void> written = new CompletableFuture<>();
    CompletableFuture<Void> before;
    synchronized (lock) {
      before = lastWrite;
      lastWrite = written;
    }
    CompletableFuture<Void> unused =
        before.whenComplete(
            (out, failure) -> {
              if (failure == null) {
                write(written, bytes);
              } else {
                written.completeExceptionally(failure);
              }
            });
    return written;
  }

  private void write(CompletableFuture<Void> written, ByteBuffer... bytes) {
    getEndPoint()
        .write(
            Callback.from(
                () -> written.complete(null),
                failure -> {
                  written.completeExceptionally(failure);
                  getEndPoint().close(failure);
                }),
            bytes);
  }

  /** No more output: tells the client, and closes when it has closed its side, or soon. */
  void finish() {
    CompletableFuture<Void> before;
    synchronized (lock) {
      before = lastWrite;
    }
    CompletableFuture<Void> unused = before.whenComplete((written, failure) -> finishNow());
  }

  private void finishNow() {
    boolean close;
    synchronized (lock) {
      finished = true;
      discarding = true;
      close = reading == Reading.ENDED;
    }
    getEndPoint().shutdownOutput();
    if (close) {
      getEndPoint().close();
    } else {
      getEndPoint().setIdleTimeout(LINGER_MILLIS);
    }
  }

  /** Gives the connection back to HTTP, with what was read too far. */
  void handBack(Connection http) {
    boolean now;
    boolean wake;
    boolean close;
    synchronized (lock) {
      successor = http;
      now = reading == Reading.PAUSED;
      wake = reading == Reading.WAITING;
      close = reading == Reading.ENDED;
    }
    if (now) {
      leave();
    } else if (wake) {
      // no other way to take back the wish to be told of bytes; onFillable sees the successor
      ((AbstractEndPoint) getEndPoint()).getFillInterest().fillable();
    } else if (close) {
      getEndPoint().close();
    }
  }

  private void leave() {
    synchronized (lock) {
      goneReported = true;
    }
    getEndPoint().upgrade(successor);
  }

  @Override
  public ByteBuffer onUpgradeFrom() {
    return unread;
  }

  @Override
  public void onUpgradeTo(ByteBuffer buffer) {
    if (BufferUtil.hasContent(buffer)) {
      unread = BufferUtil.copy(buffer);
    }
  }

  @Override
  public void onOpen() {
    super.onOpen();
    ByteBuffer early = unread;
    unread = null;
    opened.complete(null);
    if (early == null || (deliver(early, () -> {}) && !pausedForSuccessor())) {
      onFillable();
    }
  }

  /** The head could not be written. */
  void openFailed(Throwable failure) {
    reportGone();
    opened.completeExceptionally(failure);
  }

  @Override
  public void onFillable() {
    synchronized (lock) {
      reading = Reading.ACTIVE;
    }
    while (true) {
      RetainableByteBuffer buffer = buffers.acquire(READ_SIZE, true);
      int count;
      try {
        count = getEndPoint().fill(buffer.getByteBuffer());
      } catch (IOException e) {
        buffer.release();
        getEndPoint().close(e);
        return;
      }
      if (count <= 0) {
        buffer.release();
        stopReading(count < 0);
        return;
      }
      if (!deliver(buffer.getByteBuffer(), buffer::release) || pausedForSuccessor()) {
        return;
      }
    }
  }

  private void stopReading(boolean ended) {
    boolean leave = false;
    boolean close = false;
    synchronized (lock) {
      if (ended) {
        reading = Reading.ENDED;
        close = finished;
      } else if (successor != null) {
        leave = true;
      } else {
        reading = Reading.WAITING;
        fillInterested();
      }
    }
    if (leave) {
      leave();
    } else if (close) {
      getEndPoint().close();
    } else if (ended) {
      input.endOfInput();
    }
  }

  /** Stops reading if what came belongs to the next request. */
  private boolean pausedForSuccessor() {
    boolean leave;
    synchronized (lock) {
      if (unread == null) {
        return false;
      }
      reading = Reading.PAUSED;
      leave = successor != null;
    }
    if (leave) {
      leave();
    }
    return true;
  }

  /** Whether reading may go on at once; otherwise it goes on by itself later. */
  private boolean deliver(ByteBuffer bytes, Runnable release) {
    synchronized (lock) {
      if (discarding) {
        release.run();
        return true;
      }
    }
    CompletableFuture<Void> taken = input.receive(bytes).toCompletableFuture();
    if (taken.isDone()) {
      delivered(taken.isCompletedExceptionally(), release);
      return true;
    }
    synchronized (lock) {
      reading = Reading.PAUSED;
    }
    CompletableFuture<Void> unused =
        taken.whenComplete(
            (done, failure) -> {
              delivered(failure != null, release);
              getExecutor().execute(this::onFillable);
            });
    return false;
  }

  private void delivered(boolean nobodyReads, Runnable release) {
    release.run();
    if (nobodyReads) {
      synchronized (lock) {
        discarding = true;
      }
    }
  }

  /**
   * Keeps bytes that belong to the next request, for {@link #handBack}, and reads no more. To be
   * called by the input while it receives them.
   */
  void keepUnread(ByteBuffer bytes) {
    unread = BufferUtil.copy(bytes);
  }

  @Override
  public boolean onIdleExpired(TimeoutException timeout) {
    synchronized (lock) {
      return finished;
    }
  }

  @Override
  public void onFillInterestedFailed(Throwable cause) {
    getEndPoint().close(cause);
  }

  @Override
  public void onClose(Throwable cause) {
    super.onClose(cause);
    opened.completeExceptionally(new IOException("the client has gone", cause));
    reportGone();
  }

  private void reportGone() {
    synchronized (lock) {
      if (goneReported) {
        return;
      }
      goneReported = true;
    }
    input.gone();
  }
}
