// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

import java.util.Objects;

/**
 * A veth pair that is to be made, both ends in one step.
 *
 * @param name the end in the socket's own namespace; it is set up
 * @param master the index of the bridge that this end joins, 0 for none
 * @param mtu of both ends, 0 for the kernel's choice
 * @param macAddress of this end, null for the kernel's choice
 * @param peerName the other end; it stays down
 * @param peerMacAddress null for the kernel's choice
 * @param peerNamespace a descriptor of the namespace in which the peer is born, -1 for the same
 */
public record VethPair(
    String name,
    int master,
    int mtu,
    String macAddress,
    String peerName,
    String peerMacAddress,
    int peerNamespace) {
  public VethPair {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(peerName, "peerName");
  }
}
