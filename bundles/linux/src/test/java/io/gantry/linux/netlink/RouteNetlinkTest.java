// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.linux.Errno;
import io.gantry.linux.LinuxException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** All links are made in namespaces of the test's own, which end with it. */
@Tag("root")
class RouteNetlinkTest {
  private static final String MAC = "02:42:ac:11:00:02";

  private NetworkNamespaces namespaces;
  private NetworkNamespace host;
  private NetworkNamespace container;
  private RouteNetlink net;

  @BeforeEach
  void makeNamespaces() {
    namespaces = new NetworkNamespaces(0);
    host = namespaces.create();
    container = namespaces.create();
    net = host.routes();
  }

  @AfterEach
  void closeNamespaces() {
    container.close();
    host.close();
    namespaces.close();
  }

  @Test
  void aNewNamespaceHasLoopbackUp() {
    List<Link> links = net.links();
    Link loopback = net.link("lo").orElseThrow();
    assertTrue(loopback.up());
    assertEquals(1, loopback.index());
    assertTrue(links.contains(loopback));
    assertTrue(net.addresses().stream().anyMatch(a -> a.address().isLoopbackAddress()));
  }

  @Test
  void aBridgeIsMadeAsDescribed() {
    net.createBridge("br0", MAC, 1400);
    Link bridge = net.link("br0").orElseThrow();
    assertEquals("bridge", bridge.kind());
    assertEquals(MAC, bridge.macAddress());
    assertEquals(1400, bridge.mtu());
    assertFalse(bridge.up());
    net.setUp(bridge.index());
    assertTrue(net.link("br0").orElseThrow().up());
    net.setDown(bridge.index());
    assertFalse(net.link("br0").orElseThrow().up());
    net.deleteLink(bridge.index());
    assertTrue(net.link("br0").isEmpty());
  }

  @Test
  void aVethPairIsBornInBothNamespaces() {
    net.createBridge("br0", null, 0);
    int bridge = net.link("br0").orElseThrow().index();
    net.createVeth(
        new VethPair("veth1", bridge, 1450, null, "eth0", MAC, container.namespace().number()));

    Link hostEnd = net.link("veth1").orElseThrow();
    assertEquals("veth", hostEnd.kind());
    assertEquals(bridge, hostEnd.master());
    assertEquals(1450, hostEnd.mtu());
    assertTrue(hostEnd.up());

    Link peer = container.routes().link("eth0").orElseThrow();
    assertEquals(MAC, peer.macAddress());
    assertEquals(1450, peer.mtu());
    assertFalse(peer.up());
    assertTrue(net.link("eth0").isEmpty());

    net.deleteLink(hostEnd.index());
    assertTrue(container.routes().link("eth0").isEmpty());
  }

  @Test
  void addressesAndRoutesAreSetInsideTheNamespace() throws UnknownHostException {
    net.createVeth(new VethPair("veth1", 0, 0, null, "eth0", MAC, container.namespace().number()));
    RouteNetlink inside = container.routes();
    int eth0 = inside.link("eth0").orElseThrow().index();
    LinkAddress address = new LinkAddress(eth0, InetAddress.getByName("172.30.0.2"), 16);
    inside.addAddress(address);
    inside.addAddress(address);
    inside.setUp(eth0);
    InetAddress gateway = InetAddress.getByName("172.30.0.1");
    Route route = Route.toAll(gateway, eth0);
    inside.addRoute(route);
    inside.addRoute(route);

    assertTrue(inside.addresses().contains(address));
    assertTrue(inside.routes().contains(route), inside.routes().toString());
    assertTrue(
        inside.routes().contains(new Route(InetAddress.getByName("172.30.0.0"), 16, null, eth0)));
    assertFalse(net.addresses().contains(address));

    inside.deleteAddress(address);
    assertFalse(inside.addresses().contains(address));
  }

  @Test
  void linksAreChanged() {
    net.createVeth(new VethPair("veth1", 0, 0, null, "veth2", null, -1));
    int index = net.link("veth2").orElseThrow().index();
    net.createBridge("br0", null, 0);
    int bridge = net.link("br0").orElseThrow().index();
    net.setMtu(index, 1300);
    net.setMacAddress(index, MAC);
    net.rename(index, "renamed");
    net.setMaster(index, bridge);
    Link changed = net.link("renamed").orElseThrow();
    assertEquals(new Link(index, "renamed", "veth", MAC, 1300, bridge, false), changed);
    net.setMaster(index, 0);
    assertEquals(0, net.link("renamed").orElseThrow().master());
  }

  @Test
  void errorsCarryTheKernelsExplanation() {
    net.createBridge("br0", null, 0);
    LinuxException exists =
        assertThrows(LinuxException.class, () -> net.createBridge("br0", null, 0));
    assertEquals(Errno.EEXIST, exists.errno());

    int index = net.link("br0").orElseThrow().index();
    LinuxException refused = assertThrows(LinuxException.class, () -> net.setMaster(index, index));
    assertEquals(Errno.ELOOP, refused.errno());
    assertTrue(
        refused.getMessage().contains("Can not enslave a bridge to a bridge"),
        refused.getMessage());

    assertEquals(
        Errno.ENODEV, assertThrows(LinuxException.class, () -> net.deleteLink(4_711)).errno());
    // the socket is still usable
    assertTrue(net.link("br0").isPresent());
  }

  @Test
  void listsAreCompleteHoweverLong() {
    for (int i = 0; i < 100; i++) {
      net.createBridge("bridge" + i, null, 0);
    }
    assertEquals(100, net.links().stream().filter(link -> link.kind().equals("bridge")).count());
  }

  @Test
  void aNamespaceEndsWithItsDescriptors() {
    net.createVeth(new VethPair("veth1", 0, 0, null, "eth0", null, container.namespace().number()));
    container.close();
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (net.link("veth1").isPresent()) {
      assertTrue(System.nanoTime() < deadline, "the namespace did not end");
      Thread.onSpinWait();
    }
  }

  @Test
  void aNamespaceThatExistsIsOpenedAgain() {
    net.createBridge("br0", null, 0);
    try (RouteNetlink again = namespaces.open(host.namespace())) {
      assertTrue(again.link("br0").isPresent());
    }
  }

  @Test
  void namespacesMadeAheadAreNewOnes() {
    try (NetworkNamespaces pool = new NetworkNamespaces(3)) {
      for (int i = 0; i < 10; i++) {
        try (NetworkNamespace fresh = pool.create()) {
          assertTrue(fresh.routes().link("br0").isEmpty());
          fresh.routes().createBridge("br0", null, 0);
        }
      }
    }
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("gantry-netns"))
                .count()
            <= 1);
  }
}
