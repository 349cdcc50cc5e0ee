// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.network;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.network.Subnet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Chooses the default bridge's subnet: Docker's pools, without what the host has routes to. */
final class SubnetChoice {
  record Range(long base, int prefixLength) {
    boolean overlaps(Range other) {
      int shorter = Math.min(prefixLength, other.prefixLength);
      long mask = shorter == 0 ? 0 : ~((1L << (32 - shorter)) - 1) & 0xffffffffL;
      return (base & mask) == (other.base & mask);
    }
  }

  private SubnetChoice() {}

  static Subnet choose(List<Range> taken) {
    for (Range candidate : pools()) {
      if (taken.stream().noneMatch(candidate::overlaps)) {
        return new Subnet(
            AddressPool.address(candidate.base()),
            candidate.prefixLength(),
            AddressPool.address(candidate.base() + 1));
      }
    }
    throw new EngineException(
        ErrorKind.EXHAUSTED,
        "no private subnet is free of routes of the host: choose one for the bridge with --bip");
  }

  /** {@code 172.17.0.1/16}, the gateway's address in its subnet. */
  static Subnet parse(String bridgeAddress) {
    int slash = bridgeAddress.indexOf('/');
    try {
      int prefix = slash < 0 ? -1 : Integer.parseInt(bridgeAddress.substring(slash + 1));
      if (prefix < 1 || prefix > 30) {
        throw new NumberFormatException();
      }
      InetAddress gateway = InetAddress.getByName(bridgeAddress.substring(0, slash));
      long mask = ~((1L << (32 - prefix)) - 1) & 0xffffffffL;
      return new Subnet(AddressPool.address(AddressPool.number(gateway) & mask), prefix, gateway);
    } catch (NumberFormatException | UnknownHostException e) {
      throw EngineException.invalid(
          "invalid bridge address \"" + bridgeAddress + "\": it must be like 172.17.0.1/16");
    }
  }

  private static List<Range> pools() {
    List<Range> pools = new ArrayList<>();
    for (int second = 17; second <= 31; second++) {
      pools.add(new Range(172L << 24 | (long) second << 16, 16));
    }
    for (int third = 0; third < 256; third += 16) {
      pools.add(new Range(192L << 24 | 168L << 16 | (long) third << 8, 20));
    }
    return pools;
  }

  /** The host's routes but for the default one; {@code except} is the bridge's own link. */
  static List<Range> hostRoutes(Path routes, String except) {
    List<Range> ranges = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(routes)) {
        String[] fields = line.trim().split("\\s+", -1);
        if (fields.length < 8 || fields[0].equals("Iface") || fields[0].equals(except)) {
          continue;
        }
        int mask = Integer.reverseBytes((int) Long.parseLong(fields[7], 16));
        if (mask != 0) {
          long base = Integer.reverseBytes((int) Long.parseLong(fields[1], 16)) & 0xffffffffL;
          ranges.add(new Range(base, Integer.bitCount(mask)));
        }
      }
    } catch (IOException | NumberFormatException e) {
      throw EngineException.internal("cannot read the host's routes: " + e.getMessage(), e);
    }
    return ranges;
  }
}
