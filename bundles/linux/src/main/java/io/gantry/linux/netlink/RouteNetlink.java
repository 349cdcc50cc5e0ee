// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client of rtnetlink on one socket. It works in the network namespace in which the socket was
 * opened, whichever thread calls. Calls are made one at a time; each returns when the kernel has
 * answered. What the kernel refuses is a {@link LinuxException} with the kernel's own explanation
 * where it gives one.
 */
public final class RouteNetlink implements AutoCloseable {
  private static final int LINK_HEADER = 16;
  private static final int ADDRESS_HEADER = 8;
  private static final int ROUTE_HEADER = 12;

  private final NetlinkSocket socket;

  /** Takes over a netlink socket of the family NETLINK_ROUTE, wherever it was opened. */
  public RouteNetlink(Fd socket) {
    this.socket = new NetlinkSocket(socket);
  }

  /** A client in the namespace of the calling thread. */
  public static RouteNetlink open() {
    return new RouteNetlink(NetlinkSocket.openDescriptor());
  }

  /** The socket's descriptor; it stays owned by this client. */
  public Fd descriptor() {
    return socket.descriptor();
  }

  public List<Link> links() {
    List<Link> links = new ArrayList<>();
    socket.dump(
        "list links",
        new NetlinkMessage(Rtnetlink.RTM_GETLINK, 0).linkHeader(Rtnetlink.AF_UNSPEC, 0, 0, 0),
        reply -> links.add(link(reply)));
    return links;
  }

  public Optional<Link> link(String name) {
    NetlinkMessage get =
        new NetlinkMessage(Rtnetlink.RTM_GETLINK, 0)
            .linkHeader(Rtnetlink.AF_UNSPEC, 0, 0, 0)
            .attribute(Rtnetlink.IFLA_IFNAME, name);
    List<Link> found = new ArrayList<>(1);
    try {
      socket.transact("get link " + name, get, reply -> found.add(link(reply)));
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENODEV) {
        return Optional.empty();
      }
      throw e;
    }
    return found.stream().findFirst();
  }

  private static Link link(NetlinkReply reply) {
    NetlinkReply.Attributes attributes = reply.attributes(LINK_HEADER);
    return new Link(
        reply.intAt(4),
        attributes.string(Rtnetlink.IFLA_IFNAME),
        attributes.nested(Rtnetlink.IFLA_LINKINFO).string(Rtnetlink.IFLA_INFO_KIND),
        MacAddress.format(attributes.bytes(Rtnetlink.IFLA_ADDRESS)),
        attributes.integer(Rtnetlink.IFLA_MTU, 0),
        attributes.integer(Rtnetlink.IFLA_MASTER, 0),
        (reply.intAt(8) & Rtnetlink.IFF_UP) != 0);
  }

  /**
   * Makes a bridge.
   *
   * @param macAddress null for the kernel's choice, which then changes with the bridge's ports
   */
  public void createBridge(String name, String macAddress, int mtu) {
    NetlinkMessage create = create().attribute(Rtnetlink.IFLA_IFNAME, name);
    if (macAddress != null) {
      create.attribute(Rtnetlink.IFLA_ADDRESS, MacAddress.parse(macAddress));
    }
    if (mtu > 0) {
      create.attribute(Rtnetlink.IFLA_MTU, mtu);
    }
    create.nested(
        Rtnetlink.IFLA_LINKINFO, () -> create.attribute(Rtnetlink.IFLA_INFO_KIND, "bridge"));
    socket.transact("create bridge " + name, create);
  }

  /** Makes a veth pair with one message, the peer in its own namespace from the start. */
  public void createVeth(VethPair pair) {
    NetlinkMessage create =
        new NetlinkMessage(Rtnetlink.RTM_NEWLINK, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_EXCL)
            .linkHeader(Rtnetlink.AF_UNSPEC, 0, Rtnetlink.IFF_UP, Rtnetlink.IFF_UP);
    describeEnd(create, pair.name(), pair.macAddress(), pair.mtu());
    if (pair.master() != 0) {
      create.attribute(Rtnetlink.IFLA_MASTER, pair.master());
    }
    create.nested(
        Rtnetlink.IFLA_LINKINFO,
        () -> {
          create.attribute(Rtnetlink.IFLA_INFO_KIND, "veth");
          create.nested(
              Rtnetlink.IFLA_INFO_DATA,
              () -> create.nested(Rtnetlink.VETH_INFO_PEER, () -> describePeer(create, pair)));
        });
    socket.transact("create veth " + pair.name() + " with peer " + pair.peerName(), create);
  }

  private static void describePeer(NetlinkMessage create, VethPair pair) {
    create.linkHeader(Rtnetlink.AF_UNSPEC, 0, 0, 0);
    describeEnd(create, pair.peerName(), pair.peerMacAddress(), pair.mtu());
    if (pair.peerNamespace() >= 0) {
      create.attribute(Rtnetlink.IFLA_NET_NS_FD, pair.peerNamespace());
    }
  }

  private static void describeEnd(NetlinkMessage create, String name, String mac, int mtu) {
    create.attribute(Rtnetlink.IFLA_IFNAME, name);
    if (mac != null) {
      create.attribute(Rtnetlink.IFLA_ADDRESS, MacAddress.parse(mac));
    }
    if (mtu > 0) {
      create.attribute(Rtnetlink.IFLA_MTU, mtu);
    }
  }

  public void setUp(int index) {
    change("set link " + index + " up", index, Rtnetlink.IFF_UP, Rtnetlink.IFF_UP, m -> {});
  }

  public void setDown(int index) {
    change("set link " + index + " down", index, 0, Rtnetlink.IFF_UP, m -> {});
  }

  public void setMtu(int index, int mtu) {
    change("set mtu of link " + index, index, 0, 0, m -> m.attribute(Rtnetlink.IFLA_MTU, mtu));
  }

  public void setMacAddress(int index, String macAddress) {
    byte[] address = MacAddress.parse(macAddress);
    change(
        "set address of link " + index,
        index,
        0,
        0,
        m -> m.attribute(Rtnetlink.IFLA_ADDRESS, address));
  }

  public void setMaster(int index, int master) {
    change(
        "set master of link " + index,
        index,
        0,
        0,
        m -> m.attribute(Rtnetlink.IFLA_MASTER, master));
  }

  /**
   * Keeps a port of a bridge from reaching other isolated ports; it reaches the bridge itself and
   * ports that are not isolated (Linux 4.18).
   */
  public void isolatePort(int index) {
    NetlinkMessage change =
        new NetlinkMessage(Rtnetlink.RTM_SETLINK, 0).linkHeader(Rtnetlink.AF_BRIDGE, index, 0, 0);
    change.nested(
        Rtnetlink.IFLA_PROTINFO | Rtnetlink.NLA_F_NESTED,
        () -> change.attribute(Rtnetlink.IFLA_BRPORT_ISOLATED, (byte) 1));
    socket.transact("isolate port " + index, change);
  }

  /** The link has to be down. */
  public void rename(int index, String name) {
    change(
        "rename link " + index + " to " + name,
        index,
        0,
        0,
        m -> m.attribute(Rtnetlink.IFLA_IFNAME, name));
  }

  private void change(
      String call,
      int index,
      int flags,
      int mask,
      java.util.function.Consumer<NetlinkMessage> attributes) {
    NetlinkMessage change =
        new NetlinkMessage(Rtnetlink.RTM_NEWLINK, 0)
            .linkHeader(Rtnetlink.AF_UNSPEC, index, flags, mask);
    attributes.accept(change);
    socket.transact(call, change);
  }

  /** Deletes a link; deleting one end of a veth pair deletes both. */
  public void deleteLink(int index) {
    socket.transact(
        "delete link " + index,
        new NetlinkMessage(Rtnetlink.RTM_DELLINK, 0).linkHeader(Rtnetlink.AF_UNSPEC, index, 0, 0));
  }

  public List<LinkAddress> addresses() {
    List<LinkAddress> addresses = new ArrayList<>();
    socket.dump(
        "list addresses",
        new NetlinkMessage(Rtnetlink.RTM_GETADDR, 0).addressHeader(Rtnetlink.AF_UNSPEC, 0, 0),
        reply -> {
          NetlinkReply.Attributes attributes = reply.attributes(ADDRESS_HEADER);
          byte[] local = attributes.bytes(Rtnetlink.IFA_LOCAL);
          byte[] address = local.length > 0 ? local : attributes.bytes(Rtnetlink.IFA_ADDRESS);
          addresses.add(new LinkAddress(reply.intAt(4), inet(address), reply.byteAt(1)));
        });
    return addresses;
  }

  /** Adds an address, or confirms one that is there. */
  public void addAddress(LinkAddress address) {
    byte[] bytes = address.address().getAddress();
    NetlinkMessage add =
        new NetlinkMessage(Rtnetlink.RTM_NEWADDR, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_REPLACE)
            .addressHeader(family(bytes), address.prefixLength(), address.linkIndex())
            .attribute(Rtnetlink.IFA_LOCAL, bytes)
            .attribute(Rtnetlink.IFA_ADDRESS, bytes);
    if (bytes.length == 4 && address.prefixLength() < 31) {
      add.attribute(Rtnetlink.IFA_BROADCAST, broadcast(bytes, address.prefixLength()));
    }
    socket.transact("add address " + text(address), add);
  }

  public void deleteAddress(LinkAddress address) {
    byte[] bytes = address.address().getAddress();
    socket.transact(
        "delete address " + text(address),
        new NetlinkMessage(Rtnetlink.RTM_DELADDR, 0)
            .addressHeader(family(bytes), address.prefixLength(), address.linkIndex())
            .attribute(Rtnetlink.IFA_LOCAL, bytes)
            .attribute(Rtnetlink.IFA_ADDRESS, bytes));
  }

  /** The unicast routes of the main table. */
  public List<Route> routes() {
    List<Route> routes = new ArrayList<>();
    socket.dump(
        "list routes",
        new NetlinkMessage(Rtnetlink.RTM_GETROUTE, 0).allRoutesHeader(),
        reply -> {
          boolean wanted =
              reply.byteAt(4) == Rtnetlink.RT_TABLE_MAIN
                  && reply.byteAt(7) == Rtnetlink.RTN_UNICAST;
          if (wanted) {
            routes.add(route(reply));
          }
        });
    return routes;
  }

  private static Route route(NetlinkReply reply) {
    NetlinkReply.Attributes attributes = reply.attributes(ROUTE_HEADER);
    byte[] destination = attributes.bytes(Rtnetlink.RTA_DST);
    byte[] gateway = attributes.bytes(Rtnetlink.RTA_GATEWAY);
    int bytes = reply.byteAt(0) == Rtnetlink.AF_INET6 ? 16 : 4;
    return new Route(
        inet(destination.length > 0 ? destination : new byte[bytes]),
        reply.byteAt(1),
        gateway.length > 0 ? inet(gateway) : null,
        attributes.integer(Rtnetlink.RTA_OIF, 0));
  }

  /** Adds a route, in the place of one to the same destination. */
  public void addRoute(Route route) {
    byte[] destination = route.destination().getAddress();
    boolean direct = route.gateway() == null;
    NetlinkMessage add =
        new NetlinkMessage(Rtnetlink.RTM_NEWROUTE, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_REPLACE)
            .routeHeader(
                family(destination),
                route.prefixLength(),
                direct ? Rtnetlink.RT_SCOPE_LINK : Rtnetlink.RT_SCOPE_UNIVERSE);
    if (route.prefixLength() > 0) {
      add.attribute(Rtnetlink.RTA_DST, destination);
    }
    if (!direct) {
      add.attribute(Rtnetlink.RTA_GATEWAY, route.gateway().getAddress());
    }
    if (route.linkIndex() > 0) {
      add.attribute(Rtnetlink.RTA_OIF, route.linkIndex());
    }
    socket.transact(
        "add route to " + route.destination().getHostAddress() + "/" + route.prefixLength(), add);
  }

  @Override
  public void close() {
    socket.close();
  }

  private static NetlinkMessage create() {
    return new NetlinkMessage(Rtnetlink.RTM_NEWLINK, Rtnetlink.NLM_F_CREATE | Rtnetlink.NLM_F_EXCL)
        .linkHeader(Rtnetlink.AF_UNSPEC, 0, 0, 0);
  }

  private static String text(LinkAddress address) {
    return address.address().getHostAddress()
        + "/"
        + address.prefixLength()
        + " to link "
        + address.linkIndex();
  }

  private static int family(byte[] address) {
    return address.length == 4 ? Rtnetlink.AF_INET : Rtnetlink.AF_INET6;
  }

  private static byte[] broadcast(byte[] address, int prefixLength) {
    byte[] broadcast = address.clone();
    for (int bit = prefixLength; bit < broadcast.length * 8; bit++) {
      broadcast[bit / 8] |= (byte) (0x80 >> bit % 8);
    }
    return broadcast;
  }

  private static InetAddress inet(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("the kernel sent an address of " + address.length, e);
    }
  }
}
