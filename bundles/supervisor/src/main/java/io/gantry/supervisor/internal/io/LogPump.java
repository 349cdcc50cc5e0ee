// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.logging.LogDriver;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.stream.StreamType;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.task.TaskRequest;
import io.gantry.linux.event.EventScope;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings output from a task's spool into its log, in batches.
 *
 * <p>Exactly once: a batch is appended behind the position on record, and then the new position and
 * the spool offsets it covers are put on record in one step. Whatever happens before that step, the
 * next engine cuts the log back to the position on record and appends the same bytes again.
 *
 * <p>One run at a time, on a shared pool; no thread waits for output. While the driver is away the
 * output stays in the spool.
 */
final class LogPump {
  private static final Logger LOG = LoggerFactory.getLogger(LogPump.class);
  private static final int BATCH_BYTES = 512 * 1024;
  private static final int BATCHES_A_RUN = 8;
  private static final Duration RETRY = Duration.ofMillis(25);

  /** After this long an entry that the driver refuses is dropped, as dockerd does at once. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final TaskRequest.Log log;
  private final DriverRegistry drivers;
  private final OutputSpool spool;
  private final OutputSpool.Cursor cursor;
  private final PositionFile positions;
  private final EventScope events;
  private final Executor workers;
  private final BufferPool buffers;
  private final LineSplitter stdout = new LineSplitter(StreamType.STDOUT);
  private final LineSplitter stderr = new LineSplitter(StreamType.STDERR);
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final List<Runnable> quiescent = new ArrayList<>();
  private final List<Runnable> appended = new ArrayList<>();

  // of the run in progress
  private List<LogEntry> batch = new ArrayList<>();
  private boolean flushed;
  private long refusedSince;

  private boolean scheduled;
  private volatile boolean abandoned;
  private boolean signalled;

  LogPump(
      TaskRequest.Log log,
      DriverRegistry drivers,
      OutputSpool spool,
      OutputSpool.Cursor cursor,
      PositionFile positions,
      EventScope events,
      Executor workers,
      BufferPool buffers) {
    this.log = log;
    this.drivers = drivers;
    this.spool = spool;
    this.cursor = cursor;
    this.positions = positions;
    this.events = events;
    this.workers = workers;
    this.buffers = buffers;
  }

  /** There is output, or the end. */
  void signal() {
    synchronized (this) {
      signalled = true;
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    workers.execute(this::run);
  }

  /** Completes when the spool is finished and all of it is logged. */
  CompletableFuture<Void> done() {
    return done;
  }

  TaskRequest.Log log() {
    return log;
  }

  LogPosition position() {
    return positions.state().position();
  }

  /** Calls {@code action} once, after the next batch, or at once if there is something already. */
  void whenAppended(LogPosition seen, Runnable action) {
    synchronized (this) {
      if (position().equals(seen) && !done.isDone()) {
        appended.add(action);
        return;
      }
    }
    action.run();
  }

  /** Whether {@code action} was still to be called. */
  boolean cancelWhenAppended(Runnable action) {
    synchronized (this) {
      return appended.remove(action);
    }
  }

  /** Gives up what the driver does not take: its container's end must not wait for ever. */
  void abandon() {
    abandoned = true;
  }

  /**
   * What a client that joins wants to know: up to where the log goes, and what follows there.
   *
   * @param rest null if nothing more can come
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once and never compared
  record Junction(
      LogPosition end, byte[] pendingStdout, byte[] pendingStderr, OutputSpool.Cursor rest) {}

  /** The place where the log ends and the spool goes on, taken between two batches. */
  CompletableFuture<Junction> junction() {
    CompletableFuture<Junction> result = new CompletableFuture<>();
    synchronized (this) {
      if (done.isDone()) {
        result.complete(new Junction(position(), new byte[0], new byte[0], null));
        return result;
      }
      quiescent.add(
          () ->
              result.complete(
                  new Junction(
                      position(),
                      stdout.pendingBytes(),
                      stderr.pendingBytes(),
                      done.isDone() ? null : spool.cursorAt(cursor))));
    }
    signal();
    return result;
  }

  private void run() {
    try {
      for (int i = 0; i < BATCHES_A_RUN && !events.closed(); i++) {
        synchronized (this) {
          signalled = false;
        }
        if (batch.isEmpty()) {
          collect();
        }
        if (!append()) {
          if (abandoned) {
            end();
            return;
          }
          retry();
          return;
        }
        commit();
        if (idle()) {
          return;
        }
      }
      again(); // after the others
    } catch (RuntimeException e) {
      LOG.error("Logging for container {} ended early", log.target().containerId(), e);
      end();
    }
  }

  private void again() {
    if (!events.closed()) {
      workers.execute(this::run);
    }
  }

  private void retry() {
    if (!events.closed()) {
      events.schedule(RETRY, this::again);
    }
  }

  private boolean idle() {
    synchronized (this) {
      if (signalled || cursor.next(1) != null) {
        return false;
      }
      if (!cursor.atEnd()) {
        scheduled = false;
        return true;
      }
      if (!flushed) {
        return false;
      }
    }
    end();
    return true;
  }

  private void end() {
    cursor.close();
    List<Runnable> waiting;
    synchronized (this) {
      done.complete(null);
      waiting = new ArrayList<>(appended);
      waiting.addAll(quiescent);
      appended.clear();
      quiescent.clear();
    }
    waiting.forEach(Runnable::run);
  }

  private void collect() {
    ByteBuffer direct = buffers.take();
    try {
      byte[] bytes = null;
      int total = 0;
      while (total < BATCH_BYTES) {
        OutputSpool.Chunk chunk = cursor.next(BufferPool.SIZE);
        if (chunk == null) {
          break;
        }
        direct.clear().limit(chunk.length());
        spool.read(chunk, direct);
        if (bytes == null || bytes.length < chunk.length()) {
          bytes = new byte[chunk.length()];
        }
        direct.flip().get(bytes, 0, chunk.length());
        splitter(chunk.stream()).feed(bytes, chunk.length(), chunk.timeNanos(), batch::add);
        cursor.advance(chunk);
        total += chunk.length();
      }
      if (!flushed && cursor.atEnd()) {
        flushed = true;
        long now = nanos(Instant.now());
        stdout.finish(now, batch::add);
        stderr.finish(now, batch::add);
      }
    } finally {
      buffers.giveBack(direct);
    }
  }

  /** False if the driver is to be asked again. */
  private boolean append() {
    if (batch.isEmpty()) {
      return true;
    }
    try {
      if (!drivers.names(DriverKind.LOG).contains(log.driver())) {
        return false; // being swapped: no worker waits for it
      }
      LogPosition from = position();
      LogPosition to =
          drivers.call(
              DriverKind.LOG,
              log.driver(),
              (LogDriver driver) -> driver.append(log.target(), from, batch));
      refusedSince = 0;
      record(to);
      return true;
    } catch (EngineException e) {
      return refused(e);
    }
  }

  private boolean refused(EngineException e) {
    boolean away = e.kind() == ErrorKind.UNAVAILABLE || e.kind() == ErrorKind.DEADLINE;
    if (away) {
      return false;
    }
    long now = System.nanoTime();
    if (refusedSince == 0) {
      refusedSince = now;
    }
    if (now - refusedSince < PATIENCE.toNanos()) {
      return false;
    }
    LOG.warn(
        "{} lines of container {} are lost, the log driver {} refuses them: {}",
        batch.size(),
        log.target().containerId(),
        log.driver(),
        e.getMessage());
    record(position());
    return true;
  }

  private void record(LogPosition to) {
    positions.advance(
        to,
        cursor.offset(StreamType.STDOUT) - stdout.pending(),
        cursor.offset(StreamType.STDERR) - stderr.pending());
  }

  private void commit() {
    boolean news = !batch.isEmpty();
    batch = new ArrayList<>();
    PositionFile.State state = positions.state();
    if (news) {
      cursor.release(StreamType.STDOUT, state.stdout());
      cursor.release(StreamType.STDERR, state.stderr());
    }
    List<Runnable> waiting = new ArrayList<>();
    synchronized (this) {
      if (news) {
        waiting.addAll(appended);
        appended.clear();
      }
      waiting.addAll(quiescent);
      quiescent.clear();
    }
    waiting.forEach(Runnable::run);
  }

  private LineSplitter splitter(StreamType stream) {
    return stream == StreamType.STDERR ? stderr : stdout;
  }

  static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }
}
