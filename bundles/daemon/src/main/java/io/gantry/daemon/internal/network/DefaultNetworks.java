// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.network;

import io.gantry.api.error.EngineException;
import io.gantry.api.network.InterfaceAddress;
import io.gantry.api.network.NetworkSpec;
import io.gantry.api.network.Subnet;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.settings.Settings;
import io.gantry.core.state.Durability;
import io.gantry.core.state.StateStore;
import io.gantry.core.state.Table;
import io.gantry.core.task.TaskRequest.Endpoint;
import io.gantry.daemon.internal.Ids;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The networks that are always there: bridge, host and none. Their ids never change. */
public final class DefaultNetworks {
  public static final String BRIDGE = "bridge";
  public static final String HOST = "host";
  public static final String NONE = "none";

  private final DriverRegistry drivers;
  private final Map<String, NetworkRecord> networks = new HashMap<>();
  private final AddressPool addresses;
  private boolean ensured;

  public DefaultNetworks(Settings settings, StateStore store, DriverRegistry drivers) {
    this.drivers = drivers;
    Table<NetworkRecord> table = store.table("networks", NetworkRecord.class);
    Map<String, NetworkRecord> stored = table.all();
    NetworkRecord bridge = bridge(settings, stored.get(BRIDGE));
    networks.put(BRIDGE, bridge);
    networks.put(HOST, simple(HOST, "host", stored.get(HOST)));
    networks.put(NONE, simple(NONE, "null", stored.get(NONE)));
    store.transaction(
        Durability.MACHINE,
        () -> {
          networks.forEach(
              (name, record) -> {
                if (!record.equals(stored.get(name))) {
                  table.put(name, record, Durability.MACHINE);
                }
              });
          return null;
        });
    Subnet subnet = bridge.spec().subnets().get(0);
    addresses = new AddressPool(subnet.address(), subnet.prefixLength(), subnet.gateway());
  }

  private static NetworkRecord bridge(Settings settings, NetworkRecord stored) {
    Subnet subnet;
    if (!settings.bridgeAddress().isEmpty()) {
      subnet = SubnetChoice.parse(settings.bridgeAddress());
    } else if (stored != null) {
      subnet = stored.spec().subnets().get(0);
    } else {
      subnet =
          SubnetChoice.choose(
              SubnetChoice.hostRoutes(Path.of("/proc/net/route"), settings.bridgeName()));
    }
    Map<String, String> options =
        Map.of(
            "com.docker.network.bridge.default_bridge",
            "true",
            "com.docker.network.bridge.enable_icc",
            "true",
            "com.docker.network.bridge.enable_ip_masquerade",
            "true",
            "com.docker.network.bridge.host_binding_ipv4",
            "0.0.0.0",
            "com.docker.network.bridge.name",
            settings.bridgeName(),
            "com.docker.network.driver.mtu",
            "1500");
    NetworkSpec spec =
        new NetworkSpec(
            stored == null ? Ids.next() : stored.spec().id(),
            BRIDGE,
            List.of(subnet),
            false,
            options);
    return new NetworkRecord(spec, BRIDGE, stored == null ? Instant.now() : stored.created());
  }

  private static NetworkRecord simple(String name, String driver, NetworkRecord stored) {
    if (stored != null) {
      return stored;
    }
    return new NetworkRecord(
        new NetworkSpec(Ids.next(), name, List.of(), false, Map.of()), driver, Instant.now());
  }

  /**
   * The network that a container's network mode stands for.
   *
   * @throws EngineException NOT_FOUND, UNSUPPORTED
   */
  public NetworkRecord byMode(String mode) {
    return find(mode.isEmpty() || mode.equals("default") ? BRIDGE : mode);
  }

  /** By name, id or unique prefix of an id. */
  public NetworkRecord find(String network) {
    NetworkRecord byName = networks.get(network);
    if (byName != null) {
      return byName;
    }
    List<NetworkRecord> byId =
        networks.values().stream()
            .filter(record -> !network.isEmpty() && record.spec().id().startsWith(network))
            .toList();
    if (byId.size() == 1) {
      return byId.get(0);
    }
    throw EngineException.notFound("network " + network + " not found");
  }

  public List<NetworkRecord> all() {
    return List.of(networks.get(BRIDGE), networks.get(HOST), networks.get(NONE));
  }

  /** The address that {@code host-gateway} stands for. */
  public InetAddress gateway() {
    return networks.get(BRIDGE).spec().subnets().get(0).gateway();
  }

  /**
   * Takes an address on the bridge for a container that starts, and sees that the bridge is there.
   */
  public Endpoint connect(String containerId) {
    NetworkRecord bridge = networks.get(BRIDGE);
    ensure(bridge);
    Subnet subnet = bridge.spec().subnets().get(0);
    InetAddress address = addresses.allocate(containerId);
    return new Endpoint(
        bridge.driver(),
        bridge.spec(),
        Ids.next(),
        "eth0",
        List.of(new InterfaceAddress(address, subnet.prefixLength())),
        macAddress(address));
  }

  private synchronized void ensure(NetworkRecord bridge) {
    if (!ensured) {
      drivers.call(
          DriverKind.NETWORK,
          bridge.driver(),
          driver -> {
            driver.ensure(bridge.spec());
            return null;
          });
      ensured = true;
    }
  }

  /** Marks the address of a container that was running before the engine. */
  public void reserve(InetAddress address, String containerId) {
    addresses.reserve(address, containerId);
  }

  public void release(InetAddress address, String containerId) {
    addresses.release(address, containerId);
  }

  /** 02:42 and the four bytes of the address, as Docker does it. */
  private static String macAddress(InetAddress address) {
    byte[] bytes = address.getAddress();
    return String.format("02:42:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2], bytes[3]);
  }
}
