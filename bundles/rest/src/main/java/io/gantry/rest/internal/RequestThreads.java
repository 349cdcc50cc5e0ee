// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for requests that take long. They are bounded, and apart from those of short requests: a
 * {@code docker kill} gets through while a hundred stops wait for their processes.
 */
final class RequestThreads {
  private static final int MOST_WAITING = 64;
  private static final int MOST_UPLOADS = 8;
  private static final int QUEUE = 1024;

  private final ThreadPoolExecutor waiting = pool("gantry-rest-waiting", MOST_WAITING);
  private final ThreadPoolExecutor uploads = pool("gantry-rest-upload", MOST_UPLOADS);

  private static ThreadPoolExecutor pool(String name, int size) {
    AtomicInteger number = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            size,
            size,
            30,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE),
            work -> {
              Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  Executor waiting() {
    return waiting;
  }

  Executor uploads() {
    return uploads;
  }

  void close() {
    waiting.shutdownNow();
    uploads.shutdownNow();
  }
}
