// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerDetails.EndpointDetails;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The places of a container in networks. */
final class EndpointJson {
  /**
   * The first version that has DNSNames, and the fields a client may set before those it may not.
   */
  private static final int CONFIGURATION_FIRST = 44;

  private static final int GATEWAY_PRIORITY = 48;

  private EndpointJson() {}

  /** The member {@code Networks}. */
  static void networks(JsonWriter out, ContainerDetails container, ApiVersion version) {
    Map<String, EndpointDetails> endpoints = new TreeMap<>();
    for (EndpointDetails endpoint : endpoints(container)) {
      endpoints.put(endpoint.network(), endpoint);
    }
    out.object(
        "Networks",
        () ->
            endpoints.forEach(
                (name, endpoint) -> out.object(name, () -> write(out, endpoint, version))));
  }

  /** One that was never started has its place by name alone. */
  static List<EndpointDetails> endpoints(ContainerDetails container) {
    if (!container.endpoints().isEmpty() && container.state().startedAt() != null) {
      return container.endpoints();
    }
    String network = networkName(container.spec().network().mode());
    return List.of(new EndpointDetails(network, "", "", "", "", 0, ""));
  }

  static String networkName(String mode) {
    return mode.isEmpty() || mode.equals("default") ? "bridge" : mode;
  }

  private static void write(JsonWriter out, EndpointDetails endpoint, ApiVersion version) {
    boolean configurationFirst = version.atLeast(CONFIGURATION_FIRST);
    out.nullField("IPAMConfig").nullField("Links").nullField("Aliases");
    if (configurationFirst) {
      out.field("MacAddress", endpoint.macAddress()).nullField("DriverOpts");
      if (version.atLeast(GATEWAY_PRIORITY)) {
        out.field("GwPriority", 0);
      }
    }
    out.field("NetworkID", endpoint.networkId())
        .field("EndpointID", endpoint.endpointId())
        .field("Gateway", endpoint.gateway())
        .field("IPAddress", endpoint.address())
        .field("IPPrefixLen", endpoint.prefixLength())
        .field("IPv6Gateway", "")
        .field("GlobalIPv6Address", "")
        .field("GlobalIPv6PrefixLen", 0);
    if (configurationFirst) {
      out.nullField("DNSNames");
    } else {
      out.field("MacAddress", endpoint.macAddress()).nullField("DriverOpts");
    }
  }
}
