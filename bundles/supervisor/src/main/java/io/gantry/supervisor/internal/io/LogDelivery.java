// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.api.engine.LogSink;
import io.gantry.api.error.EngineException;
import io.gantry.api.logging.LogBatch;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.logging.ReadableLog;
import io.gantry.api.stream.Subscription;
import io.gantry.core.driver.DriverKind;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Reads a log for one client, batch by batch, at the client's pace. Following waits for the log
 * pump's word: no thread and no timer waits with it.
 */
public final class LogDelivery implements Subscription {
  private static final int BATCH_BYTES = 256 * 1024;

  /** An end further away than this is no end. */
  private static final long LONGEST_NANOS = Duration.ofDays(365).toNanos();

  private final StreamContext context;
  private final String driver;
  private final LogTarget target;
  private final LogQuery query;
  private final Supplier<LogPosition> end;
  private final ProcessStreams follow;
  private final LogSink sink;
  private final Runnable wake;
  private LogPosition at;
  private volatile boolean closed;

  /**
   * @param end where the log ends now
   * @param follow the task whose end is waited for, null to stop at the log's present end
   */
  public LogDelivery(
      StreamContext context,
      String driver,
      LogTarget target,
      LogQuery query,
      Supplier<LogPosition> end,
      ProcessStreams follow,
      LogSink sink) {
    this.context = context;
    this.driver = driver;
    this.target = target;
    this.query = query;
    this.end = end;
    this.follow = follow;
    this.sink = sink;
    this.wake = () -> context.logWorkers().execute(this::step);
  }

  public void begin() {
    long left = query.untilNanos() - LogPump.nanos(Instant.now());
    if (follow != null && left > 0 && left < LONGEST_NANOS) {
      context
          .events()
          .schedule(
              Duration.ofNanos(left + 1_000_000),
              () -> {
                // Only if it waits: two steps at once would deliver twice.
                if (!closed && follow.cancelWhenLogged(wake)) {
                  wake.run();
                }
              });
    }
    context.logWorkers().execute(this::step);
  }

  private void step() {
    if (closed) {
      return;
    }
    try {
      // Asked before the log is read: what is logged in between is seen by the next step.
      boolean last = follow == null || follow.logDone() || past();
      LogPosition until = end.get();
      if (at == null) {
        at = read(log -> log.seek(target, until, query));
      }
      LogPosition from = at;
      LogBatch batch =
          from.compareTo(until) < 0
              ? read(log -> log.read(target, from, until, query, BATCH_BYTES))
              : null;
      if (batch != null && !(batch.entries().isEmpty() && batch.next().equals(from))) {
        at = batch.next();
        deliver(batch);
      } else if (last) {
        finish(null);
      } else {
        follow.whenLogged(until, wake);
        if (closed) {
          follow.cancelWhenLogged(wake);
        }
      }
    } catch (RuntimeException e) {
      finish(e);
    }
  }

  /** Whether nothing that is logged from now on can match. */
  private boolean past() {
    return query.untilNanos() > 0 && query.untilNanos() < LogPump.nanos(Instant.now());
  }

  private void deliver(LogBatch batch) {
    if (batch.entries().isEmpty()) {
      context.logWorkers().execute(this::step);
      return;
    }
    CompletionStage<Void> written;
    try {
      written = sink.write(batch.entries());
    } catch (RuntimeException e) {
      written = CompletableFuture.failedFuture(e);
    }
    written.whenComplete(
        (done, failure) -> {
          if (failure == null && !closed) {
            context.logWorkers().execute(this::step);
          }
        });
  }

  private <R> R read(java.util.function.Function<ReadableLog, R> action) {
    return context
        .drivers()
        .call(
            DriverKind.LOG,
            driver,
            log -> {
              if (log instanceof ReadableLog readable) {
                return action.apply(readable);
              }
              throw EngineException.unsupported(
                  "configured logging driver does not support reading");
            });
  }

  private void finish(Throwable failure) {
    if (!closed) {
      closed = true;
      sink.end(failure);
    }
  }

  @Override
  public void close() {
    closed = true;
    if (follow != null) {
      follow.cancelWhenLogged(wake);
    }
  }
}
