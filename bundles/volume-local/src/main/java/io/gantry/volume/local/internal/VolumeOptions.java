// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.volume.local.internal;

import io.gantry.api.error.EngineException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The options of a volume, checked as dockerd checks those of its {@code local} driver. */
record VolumeOptions(Map<String, String> raw) {
  private static final List<String> KNOWN = List.of("device", "o", "size", "type");

  static VolumeOptions parse(String volume, Map<String, String> options) {
    TreeMap<String, String> sorted = new TreeMap<>(options);
    for (String key : sorted.keySet()) {
      if (!KNOWN.contains(key)) {
        throw refused(volume, "invalid option: \"" + key + "\"");
      }
    }
    if ("cifs".equals(sorted.get("type")) && hasPort(volume, sorted.getOrDefault("device", ""))) {
      throw refused(volume, "port not allowed in CIFS device URL, include 'port' in 'o='");
    }
    if (sorted.containsKey("size") && bytes(volume, sorted.get("size")) > 0) {
      throw refused(volume, "quota size requested but no quota support");
    }
    require(volume, sorted, "device", "type");
    require(volume, sorted, "type", "device");
    require(volume, sorted, "o", "device");
    require(volume, sorted, "o", "type");
    sorted.remove("size");
    sorted.values().removeIf(String::isEmpty);
    return new VolumeOptions(Map.copyOf(sorted));
  }

  private static void require(
      String volume, Map<String, String> options, String ifGiven, String needed) {
    if (options.containsKey(ifGiven) && !options.containsKey(needed)) {
      throw refused(volume, "missing required option: \"" + needed + "\"");
    }
  }

  private static boolean hasPort(String volume, String device) {
    try {
      return new URI(device).getPort() >= 0;
    } catch (URISyntaxException e) {
      throw refused(volume, "error parsing mount device url: " + e.getMessage());
    }
  }

  private static long bytes(String volume, String size) {
    String text = size.toLowerCase(Locale.ROOT).replaceFirst("(?<=[kmgtp])i?b$", "");
    int power = text.isEmpty() ? -1 : "bkmgtp".indexOf(text.charAt(text.length() - 1));
    String number = power < 0 ? text : text.substring(0, text.length() - 1).strip();
    if (!number.matches("\\d+(\\.\\d+)?")) {
      throw refused(volume, "invalid size: '" + size + "'");
    }
    return (long) (Double.parseDouble(number) * Math.pow(1024, Math.max(power, 0)));
  }

  private static EngineException refused(String volume, String reason) {
    return EngineException.invalid("create " + volume + ": " + reason);
  }

  /** Whether a file system has to be mounted before the volume can be used. */
  boolean needsMount() {
    return !type().isEmpty() || !device().isEmpty();
  }

  String type() {
    return raw.getOrDefault("type", "");
  }

  String device() {
    return raw.getOrDefault("device", "");
  }

  String mountOptions() {
    return raw.getOrDefault("o", "");
  }
}
