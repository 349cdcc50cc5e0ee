// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.network;

import io.gantry.api.network.NetworkDriver;
import java.util.List;
import java.util.Map;

/** The contract on a kernel in memory. */
abstract class OnFakeKernel extends NetworkDriverContract {
  final FakeKernel kernel = new FakeKernel();

  @Override
  protected NetworkDriver open() {
    return new PlainNetworkDriver(kernel);
  }

  @Override
  protected void close(NetworkDriver driver) {}

  @Override
  protected TestNamespace newNamespace() {
    return kernel.newNamespace();
  }

  @Override
  protected Map<String, String> driverOptions(String networkName) {
    return Map.of();
  }

  @Override
  protected Map<String, String> badOptions() {
    return Map.of("bad", "1");
  }

  @Override
  protected List<String> hostLinks() {
    return kernel.hostLinks();
  }
}
