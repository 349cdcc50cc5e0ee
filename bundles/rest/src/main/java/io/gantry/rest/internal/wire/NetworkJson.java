// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.ContainerDetails.EndpointDetails;
import io.gantry.api.engine.Networks.NetworkDetails;
import io.gantry.api.network.Subnet;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A network. */
public final class NetworkJson {
  private static final int ENABLE_IPV4 = 48;

  private NetworkJson() {}

  /**
   * Writes it.
   *
   * @param containerName the name of a container by its id; null leaves the containers out, as in
   *     lists
   */
  public static void write(
      JsonWriter out,
      NetworkDetails network,
      UnaryOperator<String> containerName,
      ApiVersion version) {
    out.object(
        () -> {
          out.field("Name", network.spec().name())
              .field("Id", network.spec().id())
              .field("Created", network.created())
              .field("Scope", "local")
              .field("Driver", network.driver());
          if (version.atLeast(ENABLE_IPV4)) {
            out.field("EnableIPv4", true);
          }
          out.field("EnableIPv6", false)
              .object(
                  "IPAM",
                  () ->
                      out.field("Driver", "default")
                          .nullField("Options")
                          .array(
                              "Config",
                              network.spec().subnets(),
                              subnet -> out.object(() -> subnet(out, subnet))))
              .field("Internal", network.spec().internal())
              .field("Attachable", false)
              .field("Ingress", false)
              .object("ConfigFrom", () -> out.field("Network", ""))
              .field("ConfigOnly", false)
              .object("Containers", () -> containers(out, network, containerName))
              .strings("Options", network.spec().driverOptions())
              .strings("Labels", network.labels());
        });
  }

  private static void subnet(JsonWriter out, Subnet subnet) {
    out.field("Subnet", subnet.cidr()).omitEmpty("Gateway", subnet.gateway().getHostAddress());
  }

  private static void containers(
      JsonWriter out, NetworkDetails network, UnaryOperator<String> containerName) {
    if (containerName == null) {
      return;
    }
    Map<String, EndpointDetails> containers = JsonWriter.sorted(network.containers());
    containers.forEach(
        (id, endpoint) ->
            out.object(
                id,
                () ->
                    out.field("Name", containerName.apply(id))
                        .field("EndpointID", endpoint.endpointId())
                        .field("MacAddress", endpoint.macAddress())
                        .field("IPv4Address", address(endpoint))
                        .field("IPv6Address", "")));
  }

  private static String address(EndpointDetails endpoint) {
    return endpoint.address().isEmpty() ? "" : endpoint.address() + "/" + endpoint.prefixLength();
  }
}
