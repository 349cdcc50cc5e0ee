// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.network.Attachment;
import io.gantry.api.network.EndpointSpec;
import io.gantry.api.network.NetworkDriver;
import io.gantry.api.network.NetworkSpec;
import io.gantry.api.network.Subnet;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscalls;
import io.gantry.linux.netlink.Link;
import io.gantry.linux.netlink.RouteNetlink;
import io.gantry.linux.netlink.VethPair;
import io.gantry.linux.nftables.Nftables;
import io.gantry.linux.nftables.NftablesException;
import java.io.IOException;
import java.net.InetAddress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The network driver {@code bridge}: a bridge of the host that has the gateway's address, a veth
 * pair for each container, masquerading to the outside. Everything is in the kernel, under names
 * that are derived from the network's and the endpoint's.
 */
@Component(service = NetworkDriver.class, property = "gantry.driver=bridge")
public final class BridgeNetworkDriver implements NetworkDriver {
  private static final int DEFAULT_MTU = 1_500;
  private static final long SWEEP_DELAY_MILLIS = 3_000;

  /** What is left of the 15 characters of a link's name behind {@code veth}. */
  private static final int LINK_ID_LENGTH = 11;

  private final RouteNetlink net;
  private final LinkSweeper sweeper;
  private final BridgeLink bridgeLink;
  private final Nftables nftables = new Nftables();
  private final ForwardingGuard guard = new ForwardingGuard(nftables);
  private final ForeignFirewall foreignFirewall = new ForeignFirewall(nftables);

  @Activate
  public BridgeNetworkDriver() {
    this(SWEEP_DELAY_MILLIS);
  }

  BridgeNetworkDriver(long sweepDelayMillis) {
    net = RouteNetlink.open();
    sweeper = new LinkSweeper(net, sweepDelayMillis);
    bridgeLink = new BridgeLink(net);
  }

  @Deactivate
  void deactivate() {
    sweeper.close();
    net.close();
  }

  @Override
  public void ensure(NetworkSpec network) {
    BridgeOptions options = BridgeOptions.of(network);
    checkSubnets(network);
    try {
      bridgeLink.ensure(network, options);
      nftables.run(BridgeRules.replace(network, options));
      if (!network.internal()) {
        guard.enable(options.bridge());
        foreignFirewall.accept(options.bridge());
      }
    } catch (LinuxException | NftablesException | IOException e) {
      throw failed("set up", network, e);
    }
  }

  private static void checkSubnets(NetworkSpec network) {
    if (network.subnets().isEmpty()) {
      throw EngineException.invalid("network " + network.name() + " has no subnet");
    }
    for (Subnet subnet : network.subnets()) {
      if (!BridgeLink.isIpv4(subnet.address())) {
        throw EngineException.unsupported(
            "network "
                + network.name()
                + ": the bridge driver has no IPv6 yet; leave "
                + subnet.cidr()
                + " out");
      }
    }
  }

  @Override
  public void remove(NetworkSpec network) {
    BridgeOptions options = BridgeOptions.of(network);
    try {
      foreignFirewall.forget(options.bridge());
      nftables.run(BridgeRules.delete(options));
      guard.release(options.bridge());
      bridgeLink.delete(options);
    } catch (LinuxException | NftablesException | IOException e) {
      throw failed("remove", network, e);
    }
  }

  @Override
  public Attachment attach(NetworkSpec network, EndpointSpec endpoint) {
    BridgeOptions options = BridgeOptions.of(network);
    String hostEnd = hostEnd(endpoint.id());
    sweeper.keep(hostEnd);
    try (Fd namespace = Syscalls.open(endpoint.namespace().toString(), 0, 0)) {
      Link bridge =
          net.link(options.bridge())
              .filter(BridgeLink::isBridge)
              .orElseThrow(() -> notEnsured(network, options));
      createVeth(
          new VethPair(
              hostEnd,
              bridge.index(),
              options.mtu(),
              null,
              endpoint.interfaceName(),
              endpoint.macAddress(),
              namespace.number()));
      if (!options.betweenContainers()) {
        // rules of the ip family do not see what passes between ports of one bridge
        net.isolatePort(net.link(hostEnd).orElseThrow().index());
      }
    } catch (LinuxException e) {
      throw failed("connect " + endpoint.namespace() + " to", network, e);
    }
    InetAddress gateway = network.internal() ? null : network.subnets().get(0).gateway();
    return new Attachment(
        endpoint.interfaceName(),
        hostEnd,
        endpoint.addresses(),
        gateway,
        options.mtu() > 0 ? options.mtu() : DEFAULT_MTU);
  }

  /** A pair of this name is what an earlier attempt for the same endpoint left. */
  private void createVeth(VethPair pair) {
    try {
      net.createVeth(pair);
    } catch (LinuxException e) {
      Link left = net.link(pair.name()).orElse(null);
      if (e.errno() != Errno.EEXIST || left == null) {
        throw e;
      }
      net.deleteLink(left.index());
      net.createVeth(pair);
    }
  }

  @Override
  public void detach(NetworkSpec network, String endpointId) {
    sweeper.deleteLater(hostEnd(endpointId));
  }

  private static String hostEnd(String endpointId) {
    return "veth" + endpointId.substring(0, Math.min(LINK_ID_LENGTH, endpointId.length()));
  }

  private static EngineException notEnsured(NetworkSpec network, BridgeOptions options) {
    return EngineException.unavailable(
        "network "
            + network.name()
            + ": the bridge "
            + options.bridge()
            + " is not there; it is made when the engine starts");
  }

  private static EngineException failed(String action, NetworkSpec network, Exception cause) {
    return EngineException.internal(
        "cannot " + action + " the network " + network.name() + ": " + cause.getMessage(), cause);
  }
}
