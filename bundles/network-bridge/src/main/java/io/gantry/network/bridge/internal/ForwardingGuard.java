// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import io.gantry.linux.nftables.Nftables;
import io.gantry.linux.nftables.NftablesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns on the forwarding of packets, which a host has off unless somebody wants it. A host that
 * forwards is a router for everybody who can reach it; so where it is turned on here, packets that
 * neither come from nor go to a bridge are dropped, as they were before. The table that does so
 * lists the bridges for whose sake it was made, of all instances of the engine; with the last of
 * them all is as before.
 */
final class ForwardingGuard {
  private static final Path IP_FORWARD = Path.of("/proc/sys/net/ipv4/ip_forward");
  private static final String TABLE = "gantry-guard";
  private static final Pattern ELEMENTS = Pattern.compile("elements = \\{([^}]*)}");

  private final Nftables nftables;

  ForwardingGuard(Nftables nftables) {
    this.nftables = nftables;
  }

  void enable(String bridge) throws IOException {
    boolean forwards = !Files.readString(IP_FORWARD).strip().equals("0");
    if (forwards && !isGuarded()) {
      return;
    }
    nftables.run(
        """
        table ip %2$s {
          set bridges {
            type ifname
            elements = { "%1$s" }
          }
          chain forward {
          }
        }
        delete chain ip %2$s forward
        table ip %2$s {
          chain forward {
            type filter hook forward priority filter; policy accept;
            meta iifkind != "bridge" meta oifkind != "bridge" drop comment "no transit"
          }
        }
        """
            .formatted(bridge, TABLE));
    if (!forwards) {
      setForwarding("1");
    }
  }

  void release(String bridge) throws IOException {
    if (!isGuarded()) {
      return;
    }
    // adding first makes the deletion succeed whether it was listed or not
    nftables.run(
        """
        add element ip %2$s bridges { "%1$s" }
        delete element ip %2$s bridges { "%1$s" }
        """
            .formatted(bridge, TABLE));
    Matcher left = ELEMENTS.matcher(nftables.run("list set ip " + TABLE + " bridges"));
    if (!left.find() || left.group(1).isBlank()) {
      setForwarding("0");
      nftables.run("delete table ip " + TABLE);
    }
  }

  private boolean isGuarded() {
    try {
      nftables.run("list table ip " + TABLE);
      return true;
    } catch (NftablesException e) {
      if (e.isNotFound()) {
        return false;
      }
      throw e;
    }
  }

  private static void setForwarding(String value) throws IOException {
    Files.writeString(IP_FORWARD, value, StandardOpenOption.WRITE);
  }
}
