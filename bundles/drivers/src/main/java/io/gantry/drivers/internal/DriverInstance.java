// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.drivers.internal;

import java.util.ArrayList;
import java.util.List;

/** One object of a driver and the calls in flight on it. Guarded by the monitor of its slot. */
final class DriverInstance {
  final DriverOrigin origin;
  final Object driver;
  final List<Lease> leases = new ArrayList<>();

  DriverInstance(DriverOrigin origin, Object driver) {
    this.origin = origin;
    this.driver = driver;
  }

  boolean leasedBy(Thread thread) {
    return leases.stream().anyMatch(lease -> lease.thread == thread);
  }

  void interruptCalls() {
    for (Lease lease : leases) {
      lease.interrupted = true;
      lease.thread.interrupt();
    }
  }

  /** One call in flight. */
  static final class Lease implements AutoCloseable {
    private final DriverSlot slot;
    private final DriverInstance instance;
    private final Thread thread = Thread.currentThread();
    private boolean interrupted;

    Lease(DriverSlot slot, DriverInstance instance) {
      this.slot = slot;
      this.instance = instance;
    }

    Object driver() {
      return instance.driver;
    }

    /** Whether the call was interrupted because it held up an update; known once it is closed. */
    boolean interrupted() {
      return interrupted;
    }

    @Override
    public void close() {
      slot.release(instance, this);
      if (interrupted) {
        // It was meant for the call, not for what the thread does next.
        Thread.interrupted();
      }
    }
  }
}
