// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.network;

import java.net.InetAddress;
import java.util.List;
import java.util.Objects;

/**
 * What a driver made for an endpoint, and what remains to be done inside the namespace. The link
 * {@code interfaceName} is in the namespace already, down; the supervisor gives it the addresses,
 * sets it up and adds the routes.
 *
 * @param interfaceName the link inside the namespace; null when the driver gives none (network
 *     {@code none})
 * @param hostInterface the link on the host's side, for people who look; null if there is none
 * @param gateway the default route; null for none
 */
public record Attachment(
    String interfaceName,
    String hostInterface,
    List<InterfaceAddress> addresses,
    InetAddress gateway,
    int mtu) {
  public Attachment {
    addresses = List.copyOf(Objects.requireNonNull(addresses, "addresses"));
  }
}
