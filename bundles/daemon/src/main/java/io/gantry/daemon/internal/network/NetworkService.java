// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.network;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerDetails.EndpointDetails;
import io.gantry.api.engine.Networks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Networks as the doors see them. */
public final class NetworkService implements Networks {
  private final DefaultNetworks networks;
  private final Supplier<List<ContainerDetails>> running;

  public NetworkService(DefaultNetworks networks, Supplier<List<ContainerDetails>> running) {
    this.networks = networks;
    this.running = running;
  }

  @Override
  public List<NetworkDetails> list() {
    return networks.all().stream().map(this::details).toList();
  }

  @Override
  public NetworkDetails inspect(String network) {
    return details(networks.find(network));
  }

  private NetworkDetails details(NetworkRecord record) {
    Map<String, EndpointDetails> endpoints = new HashMap<>();
    for (ContainerDetails container : running.get()) {
      for (EndpointDetails endpoint : container.endpoints()) {
        if (endpoint.networkId().equals(record.spec().id())) {
          endpoints.put(container.id(), endpoint);
        }
      }
    }
    return new NetworkDetails(
        record.spec(), record.driver(), record.created(), Map.of(), endpoints);
  }
}
