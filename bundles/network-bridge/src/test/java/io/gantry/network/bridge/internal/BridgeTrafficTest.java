// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.network.Attachment;
import io.gantry.api.network.EndpointSpec;
import io.gantry.api.network.InterfaceAddress;
import io.gantry.api.network.NetworkSpec;
import io.gantry.api.network.Subnet;
import io.gantry.linux.netlink.Link;
import io.gantry.linux.netlink.LinkAddress;
import io.gantry.linux.netlink.NetworkNamespace;
import io.gantry.linux.netlink.NetworkNamespaces;
import io.gantry.linux.netlink.Route;
import io.gantry.linux.netlink.RouteNetlink;
import io.gantry.linux.netlink.VethPair;
import io.gantry.linux.nftables.Nftables;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Packets between containers, to the host and to the outside. The host is a namespace; so is the
 * outside, which knows the way to the host alone and none to the containers.
 */
@Tag("root")
class BridgeTrafficTest {
  private static final String HOST_OUTSIDE = "203.0.113.1";
  private static final String OUTSIDE = "203.0.113.2";
  private static final Path IP_FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");

  private final Nftables nftables = new Nftables();
  private NetworkNamespaces namespaces;
  private RouteNetlink host;
  private BridgeNetworkDriver driver;
  private NetworkNamespace outside;

  @BeforeEach
  void enterPrivateHost() throws IOException {
    PrivateHost.enter();
    // A new namespace begins with the forwarding of the machine's first one.
    Files.writeString(IP_FORWARD, "0");
    namespaces = new NetworkNamespaces(0);
    host = RouteNetlink.open();
    host.setUp(host.link("lo").orElseThrow().index());
    driver = new BridgeNetworkDriver();
    outside = namespaces.create();
    host.createVeth(new VethPair("uplink", 0, 0, null, "eth0", null, outside.namespace().number()));
    configure(host, "uplink", HOST_OUTSIDE, 24, null);
    configure(outside.routes(), "eth0", OUTSIDE, 24, null);
  }

  @AfterEach
  void leave() {
    driver.deactivate();
    outside.close();
    host.close();
    namespaces.close();
  }

  @Test
  void containersReachEachOtherTheHostAndTheOutside() throws Exception {
    NetworkSpec network = network("gw0", 30, Map.of());
    driver.ensure(network);
    try (NetworkNamespace first = container(network, 2);
        NetworkNamespace second = container(network, 3);
        Peer onSecond = new Peer(second.namespace());
        Peer onOutside = new Peer(outside.namespace());
        Peer onHost = new Peer(null)) {
      assertEquals("172.30.0.2", onSecond.connectFrom(first.namespace(), "172.30.0.3"));
      assertEquals("172.30.0.2", onHost.connectFrom(first.namespace(), "172.30.0.1"));
      assertEquals(
          "172.30.0.2", onHost.connectFrom(first.namespace(), HOST_OUTSIDE), "the host's other");
      assertEquals(HOST_OUTSIDE, onOutside.connectFrom(first.namespace(), OUTSIDE), "masqueraded");
      assertEquals("172.30.0.1", onSecond.connectFrom(null, "172.30.0.3"), "from the host");
    }
  }

  @Test
  void theOutsideDoesNotReachContainers() throws Exception {
    NetworkSpec network = network("gw0", 30, Map.of());
    driver.ensure(network);
    // even if it takes the host for a router
    outside.routes().addRoute(new Route(address("172.30.0.0"), 16, address(HOST_OUTSIDE), 0));
    try (NetworkNamespace container = container(network, 2);
        Peer onContainer = new Peer(container.namespace())) {
      assertUnreachable(onContainer, outside, "172.30.0.2");
    }
  }

  @Test
  void networksAreIsolatedFromEachOther() throws Exception {
    NetworkSpec one = network("gw0", 30, Map.of());
    NetworkSpec two = network("gw1", 31, Map.of());
    driver.ensure(one);
    driver.ensure(two);
    try (NetworkNamespace first = container(one, 2);
        NetworkNamespace second = container(two, 2);
        Peer onSecond = new Peer(second.namespace());
        Peer onOutside = new Peer(outside.namespace())) {
      assertUnreachable(onSecond, first, "172.31.0.2");
      assertEquals(HOST_OUTSIDE, onOutside.connectFrom(first.namespace(), OUTSIDE));
      assertEquals(HOST_OUTSIDE, onOutside.connectFrom(second.namespace(), OUTSIDE));
    }
  }

  @Test
  void containersOfANetworkAreApartWhenWanted() throws Exception {
    // it must hold where frames between ports do not come by the rules (per namespace, Linux 5.3)
    Path bridged = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
    if (Files.exists(bridged)) {
      Files.writeString(bridged, "0");
    }
    NetworkSpec network = network("gw0", 30, Map.of(BridgeOptions.BETWEEN_CONTAINERS, "false"));
    driver.ensure(network);
    try (NetworkNamespace first = container(network, 2);
        NetworkNamespace second = container(network, 3);
        Peer onSecond = new Peer(second.namespace());
        Peer onOutside = new Peer(outside.namespace())) {
      assertUnreachable(onSecond, first, "172.30.0.3");
      assertEquals(HOST_OUTSIDE, onOutside.connectFrom(first.namespace(), OUTSIDE));
    }
  }

  @Test
  void anInternalNetworkHasNoWayOut() throws Exception {
    NetworkSpec open = network("gw0", 30, Map.of());
    NetworkSpec network =
        new NetworkSpec(
            "cd".repeat(32), "internal", subnets(31), true, Map.of(BridgeOptions.NAME, "gw1"));
    driver.ensure(open);
    driver.ensure(network);
    try (NetworkNamespace first = container(network, 2);
        NetworkNamespace second = container(network, 3);
        Peer onSecond = new Peer(second.namespace());
        Peer onOutside = new Peer(outside.namespace())) {
      assertEquals("172.31.0.2", onSecond.connectFrom(first.namespace(), "172.31.0.3"));
      Link eth0 = first.routes().link("eth0").orElseThrow();
      first.routes().addRoute(Route.toAll(address("172.31.0.1"), eth0.index()));
      outside.routes().addRoute(new Route(address("172.31.0.0"), 16, address(HOST_OUTSIDE), 0));
      assertUnreachable(onOutside, first, OUTSIDE);
    }
  }

  @Test
  void withoutMasqueradingTheOutsideSeesTheContainersAddress() throws Exception {
    NetworkSpec network = network("gw0", 30, Map.of(BridgeOptions.MASQUERADE, "false"));
    driver.ensure(network);
    outside.routes().addRoute(new Route(address("172.30.0.0"), 16, address(HOST_OUTSIDE), 0));
    try (NetworkNamespace container = container(network, 2);
        Peer onOutside = new Peer(outside.namespace())) {
      assertEquals("172.30.0.2", onOutside.connectFrom(container.namespace(), OUTSIDE));
    }
  }

  @Test
  void connectionsOutliveAnUpdateOfTheDriver() throws Exception {
    NetworkSpec network = network("gw0", 30, Map.of());
    driver.ensure(network);
    try (NetworkNamespace container = container(network, 2);
        Peer onOutside = new Peer(outside.namespace())) {
      onOutside.whileConnected(
          container.namespace(),
          OUTSIDE,
          () -> {
            driver.deactivate();
            driver = new BridgeNetworkDriver();
            driver.ensure(network);
          });
    }
  }

  @Test
  void forwardingIsTurnedOnForContainersOnlyAndOffAgain() throws Exception {
    assertEquals("0", forwarding());
    NetworkSpec one = network("gw0", 30, Map.of());
    NetworkSpec two = network("gw1", 31, Map.of());
    driver.ensure(one);
    driver.ensure(two);
    driver.ensure(two);
    assertEquals("1", forwarding());
    try (NetworkNamespace neighbour = namespaces.create();
        Peer onNeighbour = new Peer(neighbour.namespace())) {
      host.createVeth(
          new VethPair("lan", 0, 0, null, "eth0", null, neighbour.namespace().number()));
      configure(host, "lan", "198.51.100.1", 24, null);
      configure(neighbour.routes(), "eth0", "198.51.100.2", 24, "198.51.100.1");
      outside.routes().addRoute(Route.toAll(address(HOST_OUTSIDE), 0));
      assertUnreachable(onNeighbour, outside, "198.51.100.2");
    }
    driver.remove(one);
    assertEquals("1", forwarding());
    driver.remove(two);
    assertEquals("0", forwarding());
    assertEquals("", nftables.run("list ruleset"));
  }

  @Test
  void forwardingThatWasOnIsLeftAlone() throws Exception {
    Files.writeString(IP_FORWARD, "1");
    NetworkSpec network = network("gw0", 30, Map.of());
    driver.ensure(network);
    assertFalse(nftables.run("list tables").contains("guard"));
    driver.remove(network);
    assertEquals("1", forwarding());
    assertEquals("", nftables.run("list ruleset"));
  }

  @Test
  void theBridgeIsReconciled() {
    NetworkSpec network = network("gw0", 30, Map.of(BridgeOptions.MTU, "1400"));
    host.createBridge("gw0", null, 0);
    int bridge = host.link("gw0").orElseThrow().index();
    host.addAddress(new LinkAddress(bridge, address("10.9.9.9"), 24));
    driver.ensure(network);
    Link link = host.link("gw0").orElseThrow();
    assertTrue(link.up());
    assertEquals(1_400, link.mtu());
    assertEquals(
        List.of(new LinkAddress(bridge, address("172.30.0.1"), 16)),
        host.addresses().stream()
            .filter(a -> a.linkIndex() == bridge && BridgeLink.isIpv4(a.address()))
            .toList());
  }

  @Test
  void aNewBridgeHasAnAddressThatDoesNotChange() throws Exception {
    NetworkSpec network = network("gw0", 30, Map.of());
    driver.ensure(network);
    assertEquals("02:42:ac:1e:00:01", host.link("gw0").orElseThrow().macAddress());
    try (NetworkNamespace container = container(network, 2)) {
      assertEquals("02:42:ac:1e:00:01", host.link("gw0").orElseThrow().macAddress());
      assertTrue(container.routes().link("eth0").orElseThrow().up());
    }
  }

  @Test
  void rangesOfTheHostAreNotTaken() {
    configure(host, "uplink", "172.30.4.1", 24, null);
    EngineException refused =
        assertThrows(EngineException.class, () -> driver.ensure(network("gw0", 30, Map.of())));
    assertEquals(ErrorKind.CONFLICT, refused.kind());
    assertTrue(
        refused.getMessage().contains("172.30.0.0/16 are taken by uplink"), refused.getMessage());
    assertTrue(host.link("gw0").isEmpty());
    driver.ensure(network("gw0", 31, Map.of()));
  }

  @Test
  void aLinkThatIsNoBridgeIsLeftAlone() {
    EngineException refused =
        assertThrows(EngineException.class, () -> driver.ensure(network("uplink", 30, Map.of())));
    assertEquals(ErrorKind.CONFLICT, refused.kind());
    driver.remove(network("uplink", 30, Map.of()));
    assertTrue(host.link("uplink").isPresent());
  }

  private static void assertUnreachable(Peer listener, NetworkNamespace from, String address) {
    assertThrows(IOException.class, () -> listener.connectFrom(from.namespace(), address));
  }

  private static String forwarding() throws IOException {
    return Files.readString(IP_FORWARD).strip();
  }

  /** A namespace that is attached and configured as the engine does it. */
  private NetworkNamespace container(NetworkSpec network, int number) {
    NetworkNamespace container = namespaces.create();
    byte[] subnet = network.subnets().get(0).address().getAddress();
    String address = "172." + (subnet[1] & 0xff) + ".0." + number;
    String id = "%02x%02x".formatted(subnet[1], number).repeat(16);
    Attachment attachment =
        driver.attach(
            network,
            new EndpointSpec(
                id,
                container.namespace().path(),
                "eth0",
                List.of(new InterfaceAddress(address(address), 16)),
                "02:42:ac:%02x:00:%02x".formatted(subnet[1], number),
                Map.of()));
    String gateway = attachment.gateway() == null ? null : attachment.gateway().getHostAddress();
    configure(container.routes(), attachment.interfaceName(), address, 16, gateway);
    return container;
  }

  private static void configure(
      RouteNetlink net, String name, String address, int prefixLength, String gateway) {
    int index = net.link(name).orElseThrow().index();
    net.addAddress(new LinkAddress(index, address(address), prefixLength));
    net.setUp(index);
    if (gateway != null) {
      net.addRoute(Route.toAll(address(gateway), index));
    }
  }

  private static NetworkSpec network(String bridge, int range, Map<String, String> more) {
    TreeMap<String, String> options = new TreeMap<>(more);
    options.put(BridgeOptions.NAME, bridge);
    return new NetworkSpec("ab".repeat(32), "net" + range, subnets(range), false, options);
  }

  private static List<Subnet> subnets(int range) {
    String prefix = "172." + range + ".0.";
    return List.of(new Subnet(address(prefix + "0"), 16, address(prefix + "1")));
  }

  private static InetAddress address(String text) {
    try {
      return InetAddress.getByName(text);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
