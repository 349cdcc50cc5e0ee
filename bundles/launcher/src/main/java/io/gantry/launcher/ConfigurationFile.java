// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** daemon.json, with the keys of Docker's. */
final class ConfigurationFile {
  private ConfigurationFile() {}

  /** Values by flag name; empty if the file is not there and nobody named it. */
  static Map<String, List<String>> read(Path file, boolean named) throws UsageException {
    if (!Files.exists(file)) {
      if (named) {
        throw new UsageException(
            "unable to configure the engine with file "
                + file
                + ": open "
                + file
                + ": no such file or directory");
      }
      return Map.of();
    }
    Map<String, Object> document;
    try {
      String text = Files.readString(file);
      document = text.isBlank() ? Map.of() : JsonObject.parse(text);
    } catch (IOException | IllegalArgumentException e) {
      throw new UsageException(
          "unable to configure the engine with file " + file + ": " + e.getMessage());
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    TreeSet<String> unknown = new TreeSet<>();
    for (Map.Entry<String, Object> entry : document.entrySet()) {
      Flag flag =
          Flag.ALL.stream().filter(f -> entry.getKey().equals(f.key())).findFirst().orElse(null);
      if (flag == null) {
        unknown.add(entry.getKey());
      } else {
        values.put(flag.name(), strings(entry.getValue()));
      }
    }
    if (!unknown.isEmpty()) {
      throw new UsageException(
          "unable to configure the engine with file "
              + file
              + ": the following directives don't match any configuration option: "
              + String.join(", ", unknown));
    }
    return values;
  }

  private static List<String> strings(Object value) {
    List<String> strings = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(element -> strings.add(String.valueOf(element)));
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, element) -> strings.add(key + "=" + element));
    } else {
      strings.add(String.valueOf(value));
    }
    return strings;
  }

  /** A key that stands in both places stops the start: nobody could tell which one counts. */
  static void refuseConflicts(
      Map<String, List<String>> flags, Map<String, List<String>> file, Path name)
      throws UsageException {
    List<String> conflicts = new ArrayList<>();
    for (Map.Entry<String, List<String>> entry : file.entrySet()) {
      if (flags.containsKey(entry.getKey())) {
        conflicts.add(
            entry.getKey()
                + ": (from flag: "
                + flags.get(entry.getKey())
                + ", from file: "
                + entry.getValue()
                + ")");
      }
    }
    if (!conflicts.isEmpty()) {
      throw new UsageException(
          "unable to configure the engine with file "
              + name
              + ": the following directives are specified both as a flag and in the configuration file: "
              + String.join(", ", conflicts));
    }
  }
}
