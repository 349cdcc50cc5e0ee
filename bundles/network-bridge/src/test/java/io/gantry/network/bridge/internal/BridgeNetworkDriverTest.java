// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import io.gantry.api.network.NetworkDriver;
import io.gantry.linux.netlink.Link;
import io.gantry.linux.netlink.NetworkNamespace;
import io.gantry.linux.netlink.NetworkNamespaces;
import io.gantry.linux.netlink.RouteNetlink;
import io.gantry.tck.network.NetworkDriverContract;
import io.gantry.tck.network.TestNamespace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("root")
class BridgeNetworkDriverTest extends NetworkDriverContract {
  private static NetworkNamespaces namespaces;
  private static RouteNetlink host;

  @BeforeAll
  static void enterPrivateHost() {
    PrivateHost.enter();
    namespaces = new NetworkNamespaces(0);
    host = RouteNetlink.open();
  }

  @AfterAll
  static void close() {
    host.close();
    namespaces.close();
  }

  @Override
  protected NetworkDriver open() {
    return new BridgeNetworkDriver(200);
  }

  @Override
  protected void close(NetworkDriver driver) {
    ((BridgeNetworkDriver) driver).deactivate();
  }

  @Override
  protected TestNamespace newNamespace() {
    return new Namespace(namespaces.create());
  }

  @Override
  protected Map<String, String> driverOptions(String networkName) {
    return Map.of(BridgeOptions.NAME, "br-" + networkName);
  }

  @Override
  protected Map<String, String> badOptions() {
    return Map.of(BridgeOptions.MTU, "many");
  }

  @Override
  protected List<String> hostLinks() {
    return host.links().stream().map(Link::name).toList();
  }

  /** The kernel's. */
  private record Namespace(NetworkNamespace kernel) implements TestNamespace {
    @Override
    public Path path() {
      return kernel.namespace().path();
    }

    @Override
    public List<Peer> links() {
      return kernel.routes().links().stream()
          .filter(link -> !link.name().equals("lo"))
          .map(link -> new Peer(link.name(), link.macAddress(), link.up()))
          .toList();
    }

    @Override
    public void close() {
      kernel.close();
    }
  }
}
