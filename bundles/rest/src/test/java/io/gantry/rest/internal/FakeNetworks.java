// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import io.gantry.api.engine.Networks;
import io.gantry.api.error.EngineException;
import io.gantry.api.network.NetworkSpec;
import io.gantry.api.network.Subnet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

final class FakeNetworks implements Networks {
  @Override
  public List<NetworkDetails> list() {
    return List.of(
        network("none", "null", List.of()),
        network("host", "host", List.of()),
        network("bridge", "bridge", List.of(subnet())));
  }

  private static Subnet subnet() {
    try {
      return new Subnet(
          InetAddress.getByName("172.17.0.0"), 16, InetAddress.getByName("172.17.0.1"));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static NetworkDetails network(String name, String driver, List<Subnet> subnets) {
    String id = Integer.toHexString(name.hashCode()).repeat(8);
    return new NetworkDetails(
        new NetworkSpec(id, name, subnets, false, Map.of()),
        driver,
        Instant.parse("2026-11-24T12:01:15.960121021Z"),
        Map.of(),
        Map.of());
  }

  @Override
  public NetworkDetails inspect(String network) {
    return list().stream()
        .filter(n -> n.spec().name().equals(network) || n.spec().id().startsWith(network))
        .findFirst()
        .orElseThrow(() -> EngineException.notFound("network " + network + " not found"));
  }
}
