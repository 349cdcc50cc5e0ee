// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gantry.api.error.EngineException;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Dockerfile instructions that change a configuration, as {@code import --change} takes them. */
final class ImportChanges {
  private final ObjectNode config;

  ImportChanges(ObjectNode config) {
    this.config = config;
  }

  void apply(List<String> changes) {
    for (String line : changes) {
      String[] parts = line.strip().split("\\s+", 2);
      if (!parts[0].isEmpty()) {
        apply(parts[0].toUpperCase(Locale.ROOT), parts.length > 1 ? parts[1].strip() : "");
      }
    }
  }

  private void apply(String instruction, String value) {
    if (value.isEmpty()) {
      throw EngineException.invalid(instruction + " requires at least one argument");
    }
    switch (instruction) {
      case "CMD" -> command("Cmd", value);
      case "ENTRYPOINT" -> command("Entrypoint", value);
      case "ENV" ->
          pairs(value, (key, text) -> config.withArrayProperty("Env").add(key + "=" + text));
      case "LABEL" ->
          pairs(value, (key, text) -> config.withObjectProperty("Labels").put(key, text));
      case "USER" -> config.put("User", value);
      case "WORKDIR" -> config.put("WorkingDir", value.startsWith("/") ? value : "/" + value);
      case "STOPSIGNAL" -> config.put("StopSignal", value);
      case "ONBUILD" -> config.withArrayProperty("OnBuild").add(value);
      case "EXPOSE" -> {
        for (String port : value.split("\\s+")) {
          config
              .withObjectProperty("ExposedPorts")
              .putObject(port.contains("/") ? port : port + "/tcp");
        }
      }
      case "VOLUME" -> volumes(value);
      default ->
          throw EngineException.invalid(
              instruction.toLowerCase(Locale.ROOT) + " is not a valid change command");
    }
  }

  private void command(String field, String value) {
    config.remove(field);
    if (!json(value, field)) {
      config.withArrayProperty(field).add("/bin/sh").add("-c").add(value);
    }
  }

  private void volumes(String value) {
    ObjectNode scratch = ImageConfiguration.JSON.createObjectNode();
    if (new ImportChanges(scratch).json(value, "list")) {
      scratch
          .get("list")
          .forEach(path -> config.withObjectProperty("Volumes").putObject(path.asText()));
      return;
    }
    for (String path : value.split("\\s+")) {
      config.withObjectProperty("Volumes").putObject(path);
    }
  }

  private boolean json(String value, String field) {
    if (!value.startsWith("[")) {
      return false;
    }
    try {
      JsonNode array = ImageConfiguration.JSON.readTree(value);
      for (JsonNode element : array) {
        if (!element.isTextual()) {
          return false;
        }
      }
      array.forEach(element -> config.withArrayProperty(field).add(element.asText()));
      return true;
    } catch (IOException e) {
      return false; // the shell form may begin with a bracket too
    }
  }

  private interface Pair {
    void accept(String key, String value);
  }

  private static void pairs(String text, Pair pair) {
    if (!text.split("\\s+", 2)[0].contains("=")) {
      String[] old = text.split("\\s+", 2);
      pair.accept(old[0], old.length > 1 ? old[1] : "");
      return;
    }
    java.util.regex.Matcher words =
        java.util.regex.Pattern.compile("([^\\s=]+)=(\"(?:[^\"\\\\]|\\\\.)*\"|\\S*)").matcher(text);
    while (words.find()) {
      String value = words.group(2);
      if (value.startsWith("\"") && value.endsWith("\"") && value.length() > 1) {
        value = value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1");
      }
      pair.accept(words.group(1), value);
    }
  }
}
