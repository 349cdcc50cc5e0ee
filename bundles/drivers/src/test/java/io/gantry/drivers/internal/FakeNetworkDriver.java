// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.drivers.internal;

import io.gantry.api.network.Attachment;
import io.gantry.api.network.EndpointSpec;
import io.gantry.api.network.NetworkDriver;
import io.gantry.api.network.NetworkSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Knows whether it is called before it is active or after it was deactivated. */
class FakeNetworkDriver implements NetworkDriver {
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean deactivated;
  private volatile boolean overlapped;

  @Override
  public void ensure(NetworkSpec network) {
    inFlight.incrementAndGet();
    try {
      overlapped |= deactivated;
      Thread.sleep(1);
      overlapped |= deactivated;
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    } finally {
      inFlight.decrementAndGet();
    }
  }

  void deactivate() {
    overlapped |= inFlight.get() > 0;
    deactivated = true;
  }

  boolean overlapped() {
    return overlapped;
  }

  @Override
  public void remove(NetworkSpec network) {}

  @Override
  public Attachment attach(NetworkSpec network, EndpointSpec endpoint) {
    return new Attachment(null, null, List.of(), null, 0);
  }

  @Override
  public void detach(NetworkSpec network, String endpointId) {}
}
