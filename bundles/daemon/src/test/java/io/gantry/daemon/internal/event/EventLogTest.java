// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.Events.Sink;
import io.gantry.api.event.Event;
import io.gantry.api.stream.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventLogTest {
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final EventLog log = new EventLog(timers);

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  private static final class Recorder implements Sink {
    final List<String> actions = new ArrayList<>();
    final List<CompletableFuture<Void>> open = new ArrayList<>();
    final CountDownLatch ended = new CountDownLatch(1);
    boolean slow;
    Throwable failure;

    @Override
    public CompletionStage<Void> write(Event event) {
      actions.add(event.action());
      if (!slow) {
        return CompletableFuture.completedFuture(null);
      }
      CompletableFuture<Void> taken = new CompletableFuture<>();
      open.add(taken);
      return taken;
    }

    @Override
    public void end(Throwable cause) {
      failure = cause;
      ended.countDown();
    }
  }

  private void publish(String action) {
    log.publish("container", action, "id", Map.of("name", "x"));
  }

  @Test
  void deliversWhatHappensWhileSubscribed() {
    publish("before");
    Recorder sink = new Recorder();
    Subscription subscription = log.subscribe(null, null, sink);
    publish("create");
    publish("start");
    assertEquals(1, log.listeners());
    subscription.close();
    publish("die");
    assertEquals(List.of("create", "start"), sink.actions);
    assertEquals(0, log.listeners());
  }

  @Test
  void beginsWithWhatIsKept() {
    Instant since = Instant.now();
    for (int i = 0; i < 300; i++) {
      publish("e" + i);
    }
    Recorder sink = new Recorder();
    log.subscribe(since, null, sink);
    publish("now");
    assertEquals(257, sink.actions.size());
    assertEquals("e44", sink.actions.get(0));
    assertEquals("now", sink.actions.get(256));
    Recorder later = new Recorder();
    log.subscribe(Instant.now().plusSeconds(1), null, later);
    assertEquals(List.of(), later.actions);
  }

  @Test
  void endsAtItsTime() throws Exception {
    publish("old");
    Recorder past = new Recorder();
    log.subscribe(Instant.EPOCH, Instant.now(), past);
    assertTrue(past.ended.await(10, TimeUnit.SECONDS));
    assertNull(past.failure);
    assertEquals(List.of("old"), past.actions);
    Recorder soon = new Recorder();
    log.subscribe(null, Instant.now().plusMillis(100), soon);
    publish("in time");
    assertTrue(soon.ended.await(10, TimeUnit.SECONDS));
    assertEquals(List.of("in time"), soon.actions);
    assertEquals(0, log.listeners());
  }

  @Test
  void writesOneEventAtATime() {
    Recorder sink = new Recorder();
    sink.slow = true;
    log.subscribe(null, null, sink);
    publish("a");
    publish("b");
    assertEquals(List.of("a"), sink.actions);
    sink.open.get(0).complete(null);
    assertEquals(List.of("a", "b"), sink.actions);
  }

  @Test
  void aListenerThatIsGoneIsForgotten() {
    Recorder sink = new Recorder();
    sink.slow = true;
    log.subscribe(null, null, sink);
    publish("a");
    sink.open.get(0).completeExceptionally(new IllegalStateException("gone"));
    assertEquals(0, log.listeners());
  }

  @Test
  void aListenerThatNeverReadsIsCutOff() {
    Recorder sink = new Recorder();
    sink.slow = true;
    log.subscribe(null, null, sink);
    for (int i = 0; i < 10_002; i++) {
      publish("e");
    }
    sink.open.get(0).complete(null);
    assertNotNull(sink.failure);
  }

  @Test
  void noTwoEventsHaveTheSameTime() {
    List<Long> times = new ArrayList<>();
    log.subscribe(
        null,
        null,
        new Sink() {
          @Override
          public CompletionStage<Void> write(Event event) {
            times.add(event.timeNanos());
            return CompletableFuture.completedFuture(null);
          }

          @Override
          public void end(Throwable failure) {}
        });
    for (int i = 0; i < 1000; i++) {
      publish("e");
    }
    assertEquals(1000, times.stream().distinct().count());
  }
}
