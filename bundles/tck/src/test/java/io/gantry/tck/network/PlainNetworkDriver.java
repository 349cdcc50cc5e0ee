// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.network;

import io.gantry.api.error.EngineException;
import io.gantry.api.network.Attachment;
import io.gantry.api.network.EndpointSpec;
import io.gantry.api.network.NetworkDriver;
import io.gantry.api.network.NetworkSpec;
import io.gantry.tck.network.TestNamespace.Peer;

/** A network driver on a kernel in memory, without state of its own. */
class PlainNetworkDriver implements NetworkDriver {
  final FakeKernel kernel;

  PlainNetworkDriver(FakeKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public void ensure(NetworkSpec network) {
    if (!network.driverOptions().isEmpty()) {
      throw EngineException.invalid("unknown options " + network.driverOptions().keySet());
    }
    if (!kernel.bridges.contains(network.name())) {
      kernel.bridges.add(network.name());
    }
  }

  @Override
  public void remove(NetworkSpec network) {
    kernel.bridges.remove(network.name());
  }

  @Override
  public Attachment attach(NetworkSpec network, EndpointSpec endpoint) {
    if (!kernel.bridges.contains(network.name())) {
      throw EngineException.unavailable("network " + network.name() + " is not there");
    }
    String hostEnd = hostEnd(endpoint.id());
    kernel.pairs.remove(hostEnd);
    FakeKernel.Namespace namespace = kernel.namespace(endpoint.namespace());
    if (namespace.links().stream().anyMatch(p -> p.name().equals(endpoint.interfaceName()))) {
      throw EngineException.conflict(endpoint.interfaceName() + " exists");
    }
    Peer peer = new Peer(endpoint.interfaceName(), endpoint.macAddress(), false);
    kernel.pairs.put(hostEnd, new FakeKernel.Pair(hostEnd, namespace, peer));
    return new Attachment(
        endpoint.interfaceName(),
        hostEnd,
        endpoint.addresses(),
        network.internal() ? null : network.subnets().get(0).gateway(),
        1_500);
  }

  @Override
  public void detach(NetworkSpec network, String endpointId) {
    kernel.pairs.remove(hostEnd(endpointId));
  }

  String hostEnd(String endpointId) {
    return "veth-" + endpointId;
  }
}
