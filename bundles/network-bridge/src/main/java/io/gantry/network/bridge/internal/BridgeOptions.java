// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.network.NetworkSpec;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The options of a bridge network, under the keys that Docker gives them.
 *
 * @param bridge the name of the link
 * @param masquerade whether packets that leave the host get the host's address
 * @param betweenContainers whether containers of the network reach each other
 * @param mtu 0 for the kernel's choice
 */
record BridgeOptions(String bridge, boolean masquerade, boolean betweenContainers, int mtu) {
  static final String NAME = "com.docker.network.bridge.name";
  static final String MASQUERADE = "com.docker.network.bridge.enable_ip_masquerade";
  static final String BETWEEN_CONTAINERS = "com.docker.network.bridge.enable_icc";
  static final String MTU = "com.docker.network.driver.mtu";

  /** Options that say nothing to this driver: the first is a mark, the second is for ports. */
  private static final Set<String> INERT =
      Set.of(
          "com.docker.network.bridge.default_bridge",
          "com.docker.network.bridge.host_binding_ipv4");

  private static final Pattern LINK_NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,14}");
  private static final int MIN_MTU = 68;
  private static final int MAX_MTU = 65_535;
  private static final int SHORT_ID = 12;

  static BridgeOptions of(NetworkSpec network) {
    Map<String, String> options = network.driverOptions();
    for (String key : options.keySet()) {
      if (key.startsWith("com.docker.network.") && !isKnown(key)) {
        throw EngineException.invalid(
            "network " + network.name() + ": the bridge driver has no option " + key);
      }
    }
    String bridge = options.getOrDefault(NAME, "br-" + shortened(network.id()));
    if (!LINK_NAME.matcher(bridge).matches()) {
      throw EngineException.invalid(
          "network "
              + network.name()
              + ": \""
              + bridge
              + "\" cannot be the name of a bridge: 1 to 15 letters, digits and \"_.-\"");
    }
    return new BridgeOptions(
        bridge, truth(options, MASQUERADE), truth(options, BETWEEN_CONTAINERS), mtu(options));
  }

  private static boolean isKnown(String key) {
    return INERT.contains(key) || Set.of(NAME, MASQUERADE, BETWEEN_CONTAINERS, MTU).contains(key);
  }

  private static boolean truth(Map<String, String> options, String key) {
    String text = options.getOrDefault(key, "true");
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw unparsable(key, text, "strconv.ParseBool");
    };
  }

  private static int mtu(Map<String, String> options) {
    String text = options.getOrDefault(MTU, "0");
    int mtu;
    try {
      mtu = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw unparsable(MTU, text, "strconv.Atoi");
    }
    if (mtu != 0 && (mtu < MIN_MTU || mtu > MAX_MTU)) {
      throw EngineException.invalid("invalid MTU: " + mtu + " is not within 68 to 65535");
    }
    return mtu;
  }

  private static EngineException unparsable(String key, String text, String function) {
    return EngineException.invalid(
        "failed to parse %s value: %s (%s: parsing \"%s\": invalid syntax)"
            .formatted(key, text, function, text));
  }

  private static String shortened(String id) {
    return id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID);
  }
}
