// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.network;

import java.net.InetAddress;
import java.util.Objects;

/** An address of an interface with the length of its network part. */
public record InterfaceAddress(InetAddress address, int prefixLength) {
  public InterfaceAddress {
    Objects.requireNonNull(address, "address");
  }
}
