// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

/**
 * A network interface.
 *
 * @param kind the kernel's kind of virtual links ({@code bridge}, {@code veth}), empty for others
 * @param macAddress as in {@code 02:42:ac:11:00:02}, empty if it has none
 * @param master the index of the bridge it belongs to, 0 for none
 */
public record Link(
    int index, String name, String kind, String macAddress, int mtu, int master, boolean up) {}
