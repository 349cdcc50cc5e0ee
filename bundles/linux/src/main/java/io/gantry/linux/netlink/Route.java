// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

import java.net.InetAddress;
import java.util.Objects;

/**
 * A route of the main table.
 *
 * @param destination all zeros with prefix length 0 for the default route
 * @param gateway null for a network that is reached directly
 * @param linkIndex the link that packets leave through
 */
public record Route(InetAddress destination, int prefixLength, InetAddress gateway, int linkIndex) {
  public Route {
    Objects.requireNonNull(destination, "destination");
  }

  /** The default route through a gateway. */
  public static Route toAll(InetAddress gateway, int linkIndex) {
    try {
      byte[] zeros = new byte[gateway.getAddress().length];
      return new Route(InetAddress.getByAddress(zeros), 0, gateway, linkIndex);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }
}
