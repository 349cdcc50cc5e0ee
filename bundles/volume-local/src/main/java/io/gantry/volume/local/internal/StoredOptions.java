// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.volume.local.internal;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of {@code opts.json}, with the keys that dockerd gives it. */
final class StoredOptions {
  private static final Map<String, String> KEYS =
      Map.of("MountType", "type", "MountOpts", "o", "MountDevice", "device");
  private static final Pattern MEMBER =
      Pattern.compile("\"(\\w+)\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

  private StoredOptions() {}

  static String toJson(Map<String, String> options) {
    return "{\"MountType\":"
        + quote(options.getOrDefault("type", ""))
        + ",\"MountOpts\":"
        + quote(options.getOrDefault("o", ""))
        + ",\"MountDevice\":"
        + quote(options.getOrDefault("device", ""))
        + ",\"Quota\":{\"Size\":0}}";
  }

  static Map<String, String> fromJson(String json) {
    TreeMap<String, String> options = new TreeMap<>();
    Matcher members = MEMBER.matcher(json);
    while (members.find()) {
      String key = KEYS.get(members.group(1));
      if (key != null && !members.group(2).isEmpty()) {
        options.put(key, unquote(members.group(2)));
      }
    }
    return options;
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20 || c == '<' || c == '>' || c == '&') {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static String unquote(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char escaped = text.charAt(++i);
      switch (escaped) {
        case 'n' -> plain.append('\n');
        case 't' -> plain.append('\t');
        case 'r' -> plain.append('\r');
        case 'u' -> {
          plain.append((char) Integer.parseInt(text.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> plain.append(escaped);
      }
    }
    return plain.toString();
  }
}
