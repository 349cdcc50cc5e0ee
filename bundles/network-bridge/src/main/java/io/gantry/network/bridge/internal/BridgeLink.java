// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.network.NetworkSpec;
import io.gantry.api.network.Subnet;
import io.gantry.linux.Errno;
import io.gantry.linux.LinuxException;
import io.gantry.linux.netlink.Link;
import io.gantry.linux.netlink.LinkAddress;
import io.gantry.linux.netlink.Route;
import io.gantry.linux.netlink.RouteNetlink;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The bridge itself: the link, its address, its state. */
final class BridgeLink {
  private final RouteNetlink net;

  BridgeLink(RouteNetlink net) {
    this.net = net;
  }

  void ensure(NetworkSpec network, BridgeOptions options) {
    Optional<Link> present = net.link(options.bridge());
    checkKind(network, options, present);
    int existing = present.map(Link::index).orElse(0);
    network.subnets().forEach(subnet -> checkFree(network, subnet, existing));
    Link bridge = present.orElseGet(() -> create(network, options));
    if (options.mtu() > 0 && bridge.mtu() != options.mtu()) {
      net.setMtu(bridge.index(), options.mtu());
    }
    reconcileAddresses(network, bridge);
    if (!bridge.up()) {
      net.setUp(bridge.index());
    }
  }

  private Link create(NetworkSpec network, BridgeOptions options) {
    try {
      net.createBridge(options.bridge(), macAddress(network), options.mtu());
    } catch (LinuxException e) {
      if (e.errno() != Errno.EEXIST) {
        throw e;
      }
    }
    return net.link(options.bridge())
        .orElseThrow(
            () ->
                EngineException.unavailable(
                    "the bridge " + options.bridge() + " was deleted while it was being made"));
  }

  void delete(BridgeOptions options) {
    Optional<Link> bridge = net.link(options.bridge()).filter(BridgeLink::isBridge);
    try {
      bridge.ifPresent(link -> net.deleteLink(link.index()));
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENODEV) {
        throw e;
      }
    }
  }

  static boolean isBridge(Link link) {
    return link.kind().equals("bridge");
  }

  /**
   * An address of its own that does not change. Without one, a bridge takes the lowest of its
   * ports', and a container's coming or going would change it under the others' ARP caches.
   */
  private static String macAddress(NetworkSpec network) {
    byte[] gateway = network.subnets().get(0).gateway().getAddress();
    return "02:42:" + HexFormat.ofDelimiter(":").formatHex(gateway, 0, 4);
  }

  private static void checkKind(
      NetworkSpec network, BridgeOptions options, Optional<Link> present) {
    if (present.isPresent() && !isBridge(present.get())) {
      throw EngineException.conflict(
          "network "
              + network.name()
              + ": "
              + options.bridge()
              + " exists and is no bridge; choose another name for the bridge");
    }
  }

  /** A range that the host reaches directly through another link would be cut off from it. */
  private void checkFree(NetworkSpec network, Subnet subnet, int bridge) {
    for (Route route : net.routes()) {
      if (route.gateway() == null
          && route.prefixLength() > 0
          && route.linkIndex() != bridge
          && overlap(route, subnet)) {
        throw EngineException.conflict(
            "network "
                + network.name()
                + ": the addresses "
                + subnet.cidr()
                + " are taken by "
                + linkName(route.linkIndex())
                + " of this host, which has "
                + route.destination().getHostAddress()
                + "/"
                + route.prefixLength()
                + "; choose another range (for the default network: --bip)");
      }
    }
  }

  private String linkName(int index) {
    return net.links().stream()
        .filter(link -> link.index() == index)
        .map(Link::name)
        .findFirst()
        .orElse("another link");
  }

  private static boolean overlap(Route route, Subnet subnet) {
    byte[] a = route.destination().getAddress();
    byte[] b = subnet.address().getAddress();
    int common = Math.min(route.prefixLength(), subnet.prefixLength());
    return a.length == b.length && sameBits(a, b, common);
  }

  private static boolean sameBits(byte[] a, byte[] b, int bits) {
    for (int i = 0; i < bits; i++) {
      if (((a[i / 8] ^ b[i / 8]) & 0x80 >> i % 8) != 0) {
        return false;
      }
    }
    return true;
  }

  private void reconcileAddresses(NetworkSpec network, Link bridge) {
    List<LinkAddress> wanted =
        network.subnets().stream()
            .map(s -> new LinkAddress(bridge.index(), s.gateway(), s.prefixLength()))
            .toList();
    List<LinkAddress> present =
        net.addresses().stream()
            .filter(a -> a.linkIndex() == bridge.index() && isIpv4(a.address()))
            .toList();
    present.stream().filter(a -> !wanted.contains(a)).forEach(net::deleteAddress);
    wanted.stream().filter(a -> !present.contains(a)).forEach(net::addAddress);
  }

  static boolean isIpv4(InetAddress address) {
    return address instanceof Inet4Address;
  }
}
