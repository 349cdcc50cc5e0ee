// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.network;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A container's place in a network. Addresses are chosen by the engine before the driver is asked.
 *
 * @param id 64 hexadecimal digits
 * @param namespace the container's network namespace, as a path that can be opened in this process
 * @param interfaceName the name wanted inside: {@code eth0}
 * @param macAddress as in {@code 02:42:ac:11:00:02}
 */
public record EndpointSpec(
    String id,
    Path namespace,
    String interfaceName,
    List<InterfaceAddress> addresses,
    String macAddress,
    Map<String, String> driverOptions) {
  public EndpointSpec {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(interfaceName, "interfaceName");
    addresses = List.copyOf(addresses);
    driverOptions = Map.copyOf(driverOptions);
  }
}
