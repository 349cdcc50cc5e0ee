// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

import java.net.InetAddress;
import java.util.Objects;

/** An address of a link, with the length of its network part. */
public record LinkAddress(int linkIndex, InetAddress address, int prefixLength) {
  public LinkAddress {
    Objects.requireNonNull(address, "address");
  }
}
