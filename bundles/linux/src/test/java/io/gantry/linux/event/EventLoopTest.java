// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.linux.Fd;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {
  private static final int O_NONBLOCK = 0x800;

  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final EventLoop loop =
      new EventLoop("gantry-loop-test", (owner, failure) -> failures.add(owner + ": " + failure));
  private final EventScope scope = loop.scope("test");

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void tellsOfBytesAndOfTheEnd() throws Exception {
    Fd[] pipe = Syscalls.pipe(O_NONBLOCK);
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    try (Fd in = pipe[0]) {
      Watch[] watch = new Watch[1];
      CountDownLatch registered = new CountDownLatch(1);
      scope.execute(
          () -> {
            watch[0] =
                scope.watch(
                    in,
                    EventLoop.READABLE,
                    events -> {
                      ByteBuffer bytes = ByteBuffer.allocateDirect(16);
                      int count = Syscalls.readRaw(in.number(), bytes);
                      told.add(count + (loop.inLoop() ? " in loop" : " elsewhere"));
                      if (count == 0) {
                        watch[0].cancel();
                      }
                    });
            registered.countDown();
          });
      assertTrue(registered.await(5, TimeUnit.SECONDS));
      write(pipe[1], "abc");
      assertEquals("3 in loop", told.poll(5, TimeUnit.SECONDS));
      pipe[1].close();
      assertEquals("0 in loop", told.poll(5, TimeUnit.SECONDS));
      assertNull(told.poll(20, TimeUnit.MILLISECONDS), "told after it was cancelled");
    }
  }

  @Test
  void aPausedWatchIsSilentEvenAboutAHangUp() throws Exception {
    Fd[] pipe = Syscalls.pipe(O_NONBLOCK);
    BlockingQueue<Integer> told = new LinkedBlockingQueue<>();
    try (Fd in = pipe[0]) {
      Watch watch = scope.watch(in, EventLoop.READABLE, told::add);
      watch.pause();
      pipe[1].close();
      told.clear();
      assertNull(told.poll(30, TimeUnit.MILLISECONDS));
      watch.resume();
      assertEquals(EventLoop.HUNG_UP, told.poll(5, TimeUnit.SECONDS) & EventLoop.HUNG_UP);
      watch.cancel();
    }
  }

  @Test
  void timersRunInTheOrderOfTheirTimes() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    scope.schedule(Duration.ofMillis(30), () -> told.add("late"));
    scope.schedule(Duration.ofMillis(5), () -> told.add("early"));
    Timer cancelled = scope.schedule(Duration.ofMillis(10), () -> told.add("cancelled"));
    cancelled.cancel();
    assertEquals("early", told.poll(5, TimeUnit.SECONDS));
    assertEquals("late", told.poll(5, TimeUnit.SECONDS));
  }

  @Test
  void closingAScopeCancelsAllThatIsItsOwnAndNothingElse() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    Fd[] pipe = Syscalls.pipe(O_NONBLOCK);
    try (Fd in = pipe[0];
        Fd out = pipe[1]) {
      EventScope other = loop.scope("other");
      other.watch(in, EventLoop.READABLE, events -> told.add("other"));
      other.schedule(Duration.ofMillis(20), () -> told.add("other's timer"));
      scope.schedule(Duration.ofMillis(40), () -> told.add("mine"));
      other.close();
      write(out, "x");
      assertEquals("mine", told.poll(5, TimeUnit.SECONDS));
      assertThrows(
          IllegalStateException.class,
          () -> other.watch(in, EventLoop.READABLE, events -> told.add("other")));
    }
  }

  @Test
  void aHandlerThatThrowsIsReportedAndCancelledAndTheLoopGoesOn() throws Exception {
    Fd[] pipe = Syscalls.pipe(O_NONBLOCK);
    try (Fd in = pipe[0];
        Fd out = pipe[1]) {
      scope.watch(
          in,
          EventLoop.READABLE,
          events -> {
            throw new IllegalStateException("broken");
          });
      write(out, "x");
      CountDownLatch alive = new CountDownLatch(1);
      scope.schedule(Duration.ofMillis(20), alive::countDown);
      assertTrue(alive.await(5, TimeUnit.SECONDS));
      assertEquals(List.of("test: java.lang.IllegalStateException: broken"), failures);
    }
  }

  @Test
  void closingEndsTheThread() {
    loop.close();
    assertThrows(RejectedExecutionException.class, () -> loop.execute(() -> {}));
    assertFalse(
        Thread.getAllStackTraces().keySet().stream()
            .anyMatch(thread -> thread.getName().equals("gantry-loop-test")));
  }

  private static void write(Fd out, String text) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(text.length());
    bytes.put(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII)).flip();
    assertEquals(text.length(), Syscalls.writeRaw(out.number(), bytes));
  }
}
