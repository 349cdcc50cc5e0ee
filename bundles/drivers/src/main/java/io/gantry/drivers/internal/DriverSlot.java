// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.drivers.internal;

import io.gantry.api.engine.Drivers.DriverDetails;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.core.driver.DriverKind;
import io.gantry.drivers.internal.DriverInstance.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The place of one driver, by kind and name. It stays when the driver goes: callers wait here for
 * the next instance.
 */
final class DriverSlot {
  private static final Logger log = LoggerFactory.getLogger(DriverSlot.class);

  private final DriverKind<?> kind;
  private final String name;
  private final Patience patience;

  /** The instances that may be called, the first choice first. Guarded by this, as all below. */
  private final List<DriverInstance> bound = new ArrayList<>();

  /** Instances that are gone, but for calls still in flight. */
  private final List<DriverInstance> leaving = new ArrayList<>();

  private DriverOrigin last;
  private boolean stuck;

  DriverSlot(DriverKind<?> kind, String name, Patience patience) {
    this.kind = kind;
    this.name = name;
    this.patience = patience;
  }

  synchronized void bind(DriverOrigin origin, Object driver) {
    int at = 0;
    while (at < bound.size() && bound.get(at).origin.before(origin)) {
      at++;
    }
    bound.add(at, new DriverInstance(origin, driver));
    last = origin;
    notifyAll();
  }

  /** Returns when no call is in flight on the driver any more, or patience is at its end. */
  synchronized void unbind(Object driver) {
    DriverInstance instance =
        bound.stream().filter(candidate -> candidate.driver == driver).findAny().orElse(null);
    if (instance == null) {
      return;
    }
    bound.remove(instance);
    leaving.add(instance);
    drain(instance);
    if (instance.leases.isEmpty()) {
      leaving.remove(instance);
    }
  }

  private void drain(DriverInstance instance) {
    BooleanSupplier drained = instance.leases::isEmpty;
    if (awaitUninterrupted(drained, patience.drain())) {
      return;
    }
    log.warn(
        "{} driver {} is being taken away: interrupting {} calls that did not end in time",
        kind.name(),
        name,
        instance.leases.size());
    instance.interruptCalls();
    if (!awaitUninterrupted(drained, patience.interruption())) {
      stuck = true;
      log.error(
          "{} driver {} of {} {} is stuck: {} calls do not end although they were interrupted;"
              + " only a restart of the engine frees them, containers keep running",
          kind.name(),
          name,
          instance.origin.bundle(),
          instance.origin.version(),
          instance.leases.size());
    }
  }

  <R> R call(Function<Object, R> call) {
    Lease lease = acquire();
    try (lease) {
      return call.apply(lease.driver());
    } catch (RuntimeException e) {
      if (lease.interrupted()) {
        throw new EngineException(
            ErrorKind.DEADLINE,
            "a call of the "
                + kind.name()
                + " driver \""
                + name
                + "\" was interrupted because it held up an update of the driver; try again",
            e);
      }
      throw e;
    }
  }

  private synchronized Lease acquire() {
    // A call within a call goes to the same instance: the drain would else wait for itself.
    Thread thread = Thread.currentThread();
    for (DriverInstance instance : leaving) {
      if (instance.leasedBy(thread)) {
        return lease(instance);
      }
    }
    boolean there;
    try {
      there = await(() -> !bound.isEmpty(), patience.absence());
    } catch (InterruptedException e) {
      thread.interrupt();
      there = false;
    }
    if (!there) {
      throw away();
    }
    return lease(bound.get(0));
  }

  private Lease lease(DriverInstance instance) {
    Lease lease = new Lease(this, instance);
    instance.leases.add(lease);
    return lease;
  }

  synchronized void release(DriverInstance instance, Lease lease) {
    instance.leases.remove(lease);
    if (instance.leases.isEmpty()) {
      leaving.remove(instance);
      stuck = stuck && !leaving.isEmpty();
      notifyAll();
    }
  }

  /** Whether a driver other than {@code gone} is bound within the time. */
  synchronized boolean awaitSuccessor(DriverOrigin gone, Duration time, BooleanSupplier hopeless) {
    BooleanSupplier succeeded =
        () -> bound.stream().anyMatch(instance -> !instance.origin.equals(gone));
    awaitUninterrupted(() -> succeeded.getAsBoolean() || hopeless.getAsBoolean(), time);
    return succeeded.getAsBoolean();
  }

  synchronized boolean here() {
    return !bound.isEmpty();
  }

  /** The origin of the driver as it is now, or else was last. */
  synchronized DriverOrigin origin() {
    return bound.isEmpty() ? last : bound.get(0).origin;
  }

  String name() {
    return name;
  }

  DriverKind<?> kind() {
    return kind;
  }

  synchronized DriverDetails details() {
    DriverOrigin origin = origin();
    int calls = 0;
    for (DriverInstance instance : bound) {
      calls += instance.leases.size();
    }
    for (DriverInstance instance : leaving) {
      calls += instance.leases.size();
    }
    String state = stuck ? "STUCK" : bound.isEmpty() ? "AWAY" : "ACTIVE";
    return new DriverDetails(
        kind.name(), name, origin.bundle(), origin.version(), origin.bundleId(), state, calls);
  }

  private EngineException away() {
    return EngineException.unavailable(
        "the "
            + kind.name()
            + " driver \""
            + name
            + "\" is away: bring it back with \"bundle:start "
            + last.bundle()
            + "\", or put a working one in its place with \"gantry:driver-update "
            + name
            + " JAR\"");
  }

  private boolean awaitUninterrupted(BooleanSupplier condition, Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return await(condition, Duration.ofNanos(deadline - System.nanoTime()));
        } catch (InterruptedException e) {
          // The framework's thread must not go on into the driver's deactivation early.
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean await(BooleanSupplier condition, Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    while (!condition.getAsBoolean()) {
      long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
      if (millis <= 0) {
        return false;
      }
      // Conditions that nobody signals (a bundle's state) are looked at again now and then.
      wait(Math.min(millis, 100));
    }
    return true;
  }
}
