// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import io.gantry.api.network.NetworkSpec;
import io.gantry.api.network.Subnet;

/**
 * The rules of one network, as a table of its own: it is made, replaced and deleted as a whole, and
 * touches nobody else's rules.
 */
final class BridgeRules {
  private BridgeRules() {}

  static String tableName(BridgeOptions options) {
    return "gantry-" + options.bridge();
  }

  /** Replaces the table in one transaction, so that no packet sees it absent. */
  static String replace(NetworkSpec network, BridgeOptions options) {
    return delete(options) + define(network, options);
  }

  /** Adding first makes the deletion succeed whether the table was there or not. */
  static String delete(BridgeOptions options) {
    String table = tableName(options);
    return """
        add table ip %1$s
        delete table ip %1$s
        """
        .formatted(table);
  }

  private static String define(NetworkSpec network, BridgeOptions options) {
    StringBuilder rules = new StringBuilder();
    rules.append(
        """
        table ip %2$s {
          chain forward {
            type filter hook forward priority filter; policy accept;
            iifname "%1$s" oifname "%1$s" %3$s comment "between containers"
            oifname "%1$s" ct state established,related accept comment "answers"
            oifname "%1$s" drop comment "from outside, and from other networks"
        """
            .formatted(
                options.bridge(),
                tableName(options),
                options.betweenContainers() ? "accept" : "drop"));
    if (network.internal()) {
      rules.append(
          """
              iifname "%1$s" drop comment "no way out of an internal network"
          """
              .formatted(options.bridge()));
    }
    rules.append("  }\n");
    if (options.masquerade() && !network.internal()) {
      rules.append(
          """
            chain postrouting {
              type nat hook postrouting priority srcnat; policy accept;
          """);
      for (Subnet subnet : network.subnets()) {
        rules.append(
            """
                ip saddr %2$s oifname != "%1$s" masquerade
            """
                .formatted(options.bridge(), subnet.cidr()));
      }
      rules.append("  }\n");
    }
    return rules.append("}\n").toString();
  }
}
