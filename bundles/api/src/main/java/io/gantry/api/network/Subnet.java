// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.network;

import java.net.InetAddress;
import java.util.Objects;

/**
 * A range of addresses of a network.
 *
 * @param address the network address, host bits zero
 * @param prefixLength bits of the network part
 * @param gateway the address of the network's gateway, within the subnet
 */
public record Subnet(InetAddress address, int prefixLength, InetAddress gateway) {
  public Subnet {
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(gateway, "gateway");
    int bits = address.getAddress().length * 8;
    if (prefixLength < 0 || prefixLength > bits) {
      throw new IllegalArgumentException(
          "prefix length " + prefixLength + " is not within 0 to " + bits);
    }
  }

  /** As in {@code 172.17.0.0/16}. */
  public String cidr() {
    return address.getHostAddress() + "/" + prefixLength;
  }
}
