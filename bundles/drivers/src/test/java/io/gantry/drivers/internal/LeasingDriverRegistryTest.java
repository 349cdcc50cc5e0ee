// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.drivers.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.network.NetworkSpec;
import io.gantry.core.driver.DriverKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeasingDriverRegistryTest {
  private static final NetworkSpec NETWORK =
      new NetworkSpec("n", "bridge", List.of(), false, Map.of());
  private static final Patience QUICK =
      new Patience(
          Duration.ofMillis(300),
          Duration.ofMillis(200),
          Duration.ofMillis(200),
          Duration.ofSeconds(5),
          Duration.ZERO);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private long services;

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private static LeasingDriverRegistry registry(Patience patience) {
    return new LeasingDriverRegistry(null, Path.of("unused"), patience);
  }

  private DriverOrigin origin(String version) {
    return new DriverOrigin("bridge", "io.gantry.network-bridge", version, 7, 0, ++services);
  }

  private static void ensure(LeasingDriverRegistry registry) {
    registry.call(
        DriverKind.NETWORK,
        "bridge",
        driver -> {
          driver.ensure(NETWORK);
          return null;
        });
  }

  @Test
  void noCallFailsAndNoneOverlapsADeactivationWhileDriversAreSwapped() throws Exception {
    LeasingDriverRegistry registry = registry(Patience.DEFAULT);
    FakeNetworkDriver driver = new FakeNetworkDriver();
    registry.bind(DriverKind.NETWORK, origin("1.0.0"), driver);
    AtomicBoolean stop = new AtomicBoolean();
    CountDownLatch started = new CountDownLatch(8);
    List<Future<Integer>> callers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      callers.add(
          threads.submit(
              () -> {
                int calls = 0;
                while (!stop.get()) {
                  ensure(registry);
                  calls++;
                  started.countDown();
                }
                return calls;
              }));
    }
    started.await();
    List<FakeNetworkDriver> all = new ArrayList<>(List.of(driver));
    for (int swap = 1; swap <= 50; swap++) {
      // As Declarative Services does it: unbound first, deactivated after.
      registry.unbind(DriverKind.NETWORK, driver);
      driver.deactivate();
      Thread.sleep(2);
      driver = new FakeNetworkDriver();
      all.add(driver);
      registry.bind(DriverKind.NETWORK, origin("1.0." + swap), driver);
      Thread.sleep(4);
    }
    stop.set(true);
    int calls = 0;
    for (Future<Integer> caller : callers) {
      calls += caller.get(10, TimeUnit.SECONDS);
    }
    assertTrue(calls > 100, "only " + calls + " calls");
    assertEquals(0, all.stream().filter(FakeNetworkDriver::overlapped).count());
    assertEquals("1.0.50", registry.list().get(0).version());
    assertEquals(0, registry.list().get(0).leases());
  }

  @Test
  void aCallWaitsForADriverThatComesBack() throws Exception {
    LeasingDriverRegistry registry = registry(Patience.DEFAULT);
    FakeNetworkDriver first = new FakeNetworkDriver();
    registry.bind(DriverKind.NETWORK, origin("1"), first);
    registry.unbind(DriverKind.NETWORK, first);
    assertEquals("AWAY", registry.list().get(0).state());
    assertEquals(List.of(), registry.names(DriverKind.NETWORK));
    Future<?> call = threads.submit(() -> ensure(registry));
    Thread.sleep(50);
    assertFalse(call.isDone());
    registry.bind(DriverKind.NETWORK, origin("2"), new FakeNetworkDriver());
    call.get(10, TimeUnit.SECONDS);
  }

  @Test
  void saysHowToBringADriverBack() {
    LeasingDriverRegistry registry = registry(QUICK);
    FakeNetworkDriver driver = new FakeNetworkDriver();
    registry.bind(DriverKind.NETWORK, origin("1"), driver);
    registry.unbind(DriverKind.NETWORK, driver);
    EngineException e = assertThrows(EngineException.class, () -> ensure(registry));
    assertEquals(ErrorKind.UNAVAILABLE, e.kind());
    assertEquals(
        "the network driver \"bridge\" is away: bring it back with \"bundle:start"
            + " io.gantry.network-bridge\", or put a working one in its place with"
            + " \"gantry:driver-update bridge JAR\"",
        e.getMessage());
  }

  @Test
  void aDriverThatWasNeverThereIsNotFound() {
    LeasingDriverRegistry registry = registry(QUICK);
    EngineException e = assertThrows(EngineException.class, () -> ensure(registry));
    assertEquals(ErrorKind.NOT_FOUND, e.kind());
  }

  @Test
  void atStartUpADriverMayComeAfterItsFirstCaller() throws Exception {
    LeasingDriverRegistry registry = registry(Patience.DEFAULT);
    Future<?> call = threads.submit(() -> ensure(registry));
    Thread.sleep(30);
    registry.bind(DriverKind.NETWORK, origin("1"), new FakeNetworkDriver());
    call.get(10, TimeUnit.SECONDS);
  }

  @Test
  void aCallThatHoldsUpAnUpdateIsInterrupted() throws Exception {
    LeasingDriverRegistry registry = registry(QUICK);
    FakeNetworkDriver driver = new FakeNetworkDriver();
    registry.bind(DriverKind.NETWORK, origin("1"), driver);
    CountDownLatch inside = new CountDownLatch(1);
    Future<Boolean> call =
        threads.submit(
            () -> {
              EngineException e =
                  assertThrows(
                      EngineException.class,
                      () ->
                          registry.call(
                              DriverKind.NETWORK,
                              "bridge",
                              d -> {
                                inside.countDown();
                                try {
                                  Thread.sleep(60_000);
                                } catch (InterruptedException interrupted) {
                                  throw new IllegalStateException(interrupted);
                                }
                                return null;
                              }));
              assertEquals(ErrorKind.DEADLINE, e.kind());
              return Thread.currentThread().isInterrupted();
            });
    inside.await();
    registry.unbind(DriverKind.NETWORK, driver);
    assertFalse(call.get(10, TimeUnit.SECONDS), "the interrupt leaked out of the call");
    assertEquals("AWAY", registry.list().get(0).state());
  }

  @Test
  void aDriverWhoseCallsCannotBeInterruptedIsStuckUntilTheyEnd() throws Exception {
    LeasingDriverRegistry registry = registry(QUICK);
    FakeNetworkDriver driver = new FakeNetworkDriver();
    registry.bind(DriverKind.NETWORK, origin("1"), driver);
    CountDownLatch inside = new CountDownLatch(1);
    CompletableFuture<Void> release = new CompletableFuture<>();
    Future<?> call =
        threads.submit(
            () ->
                registry.call(
                    DriverKind.NETWORK,
                    "bridge",
                    d -> {
                      inside.countDown();
                      return release.join();
                    }));
    inside.await();
    long before = System.nanoTime();
    registry.unbind(DriverKind.NETWORK, driver);
    assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(3));
    assertEquals("STUCK", registry.list().get(0).state());
    assertEquals(1, registry.list().get(0).leases());
    release.complete(null);
    call.get(10, TimeUnit.SECONDS);
    assertEquals("AWAY", registry.list().get(0).state());
  }

  @Test
  void aCallWithinACallDoesNotWaitForTheDrain() throws Exception {
    LeasingDriverRegistry registry = registry(Patience.DEFAULT);
    FakeNetworkDriver driver = new FakeNetworkDriver();
    registry.bind(DriverKind.NETWORK, origin("1"), driver);
    CountDownLatch inside = new CountDownLatch(1);
    Future<?> call =
        threads.submit(
            () ->
                registry.call(
                    DriverKind.NETWORK,
                    "bridge",
                    d -> {
                      inside.countDown();
                      while (!registry.names(DriverKind.NETWORK).isEmpty()) {
                        Thread.onSpinWait();
                      }
                      ensure(registry);
                      return null;
                    }));
    inside.await();
    long before = System.nanoTime();
    registry.unbind(DriverKind.NETWORK, driver);
    call.get(10, TimeUnit.SECONDS);
    assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(3));
  }

  @Test
  void theHigherRankedOfTwoIsCalled() {
    LeasingDriverRegistry registry = registry(QUICK);
    FakeNetworkDriver low = new FakeNetworkDriver();
    FakeNetworkDriver high = new FakeNetworkDriver();
    registry.bind(DriverKind.NETWORK, origin("1"), low);
    registry.bind(DriverKind.NETWORK, new DriverOrigin("bridge", "other", "2", 8, 10, 99), high);
    assertEquals(high, registry.call(DriverKind.NETWORK, "bridge", d -> (Object) d));
    registry.unbind(DriverKind.NETWORK, high);
    assertEquals(low, registry.call(DriverKind.NETWORK, "bridge", d -> (Object) d));
  }
}
