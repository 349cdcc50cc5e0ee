// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import io.gantry.linux.nftables.Nftables;
import io.gantry.linux.nftables.NftablesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Another engine on the host (Docker) may drop all forwarded packets that it does not know: its
 * chain FORWARD has the policy DROP, which no table of ours can overrule. Where that chain exists,
 * the bridge is accepted in it, in the place that Docker leaves to the user. What comes from
 * outside is still dropped by our own table.
 */
final class ForeignFirewall {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignFirewall.class);
  private static final Path LEGACY_TABLES = Path.of("/proc/thread-self/net/ip_tables_names");
  private static final Pattern HANDLE = Pattern.compile("# handle (\\d+)");
  private static final List<String> CHAINS = List.of("DOCKER-USER", "FORWARD");

  private final Nftables nftables;

  ForeignFirewall(Nftables nftables) {
    this.nftables = nftables;
  }

  void accept(String bridge) {
    for (String chain : CHAINS) {
      String rules = listed(chain);
      if (rules == null) {
        continue;
      }
      if (!rules.contains(mark(bridge))) {
        nftables.run(
            """
            insert rule ip filter %2$s iifname "%1$s" counter accept %3$s
            insert rule ip filter %2$s oifname "%1$s" counter accept %3$s
            """
                .formatted(bridge, chain, mark(bridge)));
      }
      break;
    }
    if (usesLegacy()) {
      for (List<String> rule : legacyRules(bridge)) {
        if (legacy("-C", rule) != 0 && legacy("-I", rule) != 0) {
          LOG.warn("The rule {} cannot be inserted with iptables-legacy", rule);
        }
      }
    }
  }

  void forget(String bridge) {
    for (String chain : CHAINS) {
      String rules = listed(chain);
      if (rules == null) {
        continue;
      }
      for (String line : rules.lines().toList()) {
        Matcher handle = HANDLE.matcher(line);
        if (line.contains(mark(bridge)) && handle.find()) {
          nftables.run("delete rule ip filter " + chain + " handle " + handle.group(1));
        }
      }
    }
    if (usesLegacy()) {
      for (List<String> rule : legacyRules(bridge)) {
        while (legacy("-C", rule) == 0 && legacy("-D", rule) == 0) {
          LOG.debug("Deleted {} with iptables-legacy", rule);
        }
      }
    }
  }

  private static String mark(String bridge) {
    return "comment \"gantry " + bridge + "\"";
  }

  /** The chain as nftables prints it; null if iptables-nft has not made it. */
  private String listed(String chain) {
    try {
      return nftables.run("list chain ip filter " + chain);
    } catch (NftablesException e) {
      if (e.isNotFound()) {
        return null;
      }
      throw e;
    }
  }

  private static boolean usesLegacy() {
    try {
      return Files.readAllLines(LEGACY_TABLES).contains("filter");
    } catch (IOException e) {
      return false;
    }
  }

  private static List<List<String>> legacyRules(String bridge) {
    return List.of(
        List.of("FORWARD", "-i", bridge, "-j", "ACCEPT"),
        List.of("FORWARD", "-o", bridge, "-j", "ACCEPT"));
  }

  private static int legacy(String action, List<String> rule) {
    List<String> command = new ArrayList<>(List.of("iptables-legacy", "-w", "5", action));
    command.addAll(rule);
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return -1;
      }
      return process.exitValue();
    } catch (IOException e) {
      LOG.warn(
          "Rules of iptables-legacy are in force, and the program is not there to accept the"
              + " bridge: {}",
          e.getMessage());
      return -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }
}
