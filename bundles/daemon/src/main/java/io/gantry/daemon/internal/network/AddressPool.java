// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.network;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;

/**
 * The addresses of one subnet. The next one after the last is given out, and one that was released
 * rests for a while: its link may still be going away in the kernel.
 */
final class AddressPool {
  private static final long QUARANTINE_NANOS = 10_000_000_000L;

  private final long first;
  private final long last;
  private final long gateway;
  private final Map<Long, String> used = new HashMap<>();
  private final Map<Long, Long> released = new HashMap<>();
  private long next;

  /** {@code gateway} is never given out, nor the network's and the broadcast address. */
  AddressPool(InetAddress network, int prefixLength, InetAddress gateway) {
    long size = 1L << (32 - prefixLength);
    long base = number(network) & ~(size - 1);
    this.first = base + 1;
    this.last = base + size - 2;
    this.gateway = number(gateway);
    this.next = first;
  }

  synchronized InetAddress allocate(String owner) {
    long now = System.nanoTime();
    released.values().removeIf(since -> now - since > QUARANTINE_NANOS);
    Long found = search(false);
    if (found == null) {
      found = search(true);
    }
    if (found == null) {
      throw new EngineException(
          ErrorKind.EXHAUSTED,
          "no available IPv4 addresses on this network's address pools: remove containers, or give"
              + " the bridge a larger subnet with --bip");
    }
    used.put(found, owner);
    released.remove(found);
    next = found == last ? first : found + 1;
    return address(found);
  }

  private Long search(boolean alsoResting) {
    long candidate = next;
    for (long i = first; i <= last; i++) {
      if (candidate != gateway
          && !used.containsKey(candidate)
          && (alsoResting || !released.containsKey(candidate))) {
        return candidate;
      }
      candidate = candidate == last ? first : candidate + 1;
    }
    return null;
  }

  /** Marks an address of a container that ran before the engine did. */
  synchronized void reserve(InetAddress address, String owner) {
    used.put(number(address), owner);
  }

  synchronized void release(InetAddress address, String owner) {
    long number = number(address);
    if (used.remove(number, owner)) {
      released.put(number, System.nanoTime());
    }
  }

  static long number(InetAddress address) {
    long number = 0;
    for (byte part : address.getAddress()) {
      number = number << 8 | (part & 0xff);
    }
    return number;
  }

  static InetAddress address(long number) {
    try {
      return InetAddress.getByAddress(
          new byte[] {
            (byte) (number >> 24), (byte) (number >> 16), (byte) (number >> 8), (byte) number
          });
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
