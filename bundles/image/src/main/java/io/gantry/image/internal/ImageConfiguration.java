// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gantry.api.engine.ImageDetails.ImageConfig;
import io.gantry.api.engine.Images.HistoryEntry;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An image's configuration (OCI image spec, config.md), read from its JSON. */
final class ImageConfiguration {
  static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode root;

  ImageConfiguration(byte[] document) {
    try {
      root = JSON.readTree(document);
    } catch (IOException e) {
      throw new EngineException(
          ErrorKind.INVALID, "the image's configuration is not JSON: " + e.getMessage(), e);
    }
    if (root == null || !root.isObject()) {
      throw EngineException.invalid("the image's configuration is not a JSON object");
    }
  }

  List<String> diffIds() {
    return strings(root.path("rootfs").path("diff_ids"));
  }

  String text(String field) {
    return root.path(field).asText("");
  }

  Instant created() {
    return time(root.path("created"));
  }

  private static Instant time(JsonNode node) {
    if (!node.isTextual()) {
      return Instant.parse("0001-01-01T00:00:00Z");
    }
    try {
      return OffsetDateTime.parse(node.asText()).toInstant();
    } catch (DateTimeParseException e) {
      throw EngineException.invalid(
          "the image's configuration has a malformed time: " + node.asText());
    }
  }

  ImageConfig config() {
    JsonNode config = root.path("config");
    return new ImageConfig(
        config.path("User").asText(""),
        keys(config.path("ExposedPorts")),
        strings(config.path("Env")),
        stringsOrNull(config.path("Entrypoint")),
        stringsOrNull(config.path("Cmd")),
        keys(config.path("Volumes")),
        config.path("WorkingDir").asText(""),
        map(config.path("Labels")),
        config.path("StopSignal").asText(""),
        strings(config.path("OnBuild")),
        strings(config.path("Shell")));
  }

  /** Newest first. {@code layerSizes} belong to the entries that made a layer, oldest first. */
  List<HistoryEntry> history(String imageId, List<String> tags, List<Long> layerSizes) {
    List<HistoryEntry> entries = new ArrayList<>();
    int layer = 0;
    for (JsonNode entry : root.path("history")) {
      boolean empty = entry.path("empty_layer").asBoolean(false);
      long size = empty || layer >= layerSizes.size() ? 0 : layerSizes.get(layer++);
      entries.add(
          0,
          new HistoryEntry(
              "<missing>",
              time(entry.path("created")).getEpochSecond(),
              entry.path("created_by").asText(""),
              List.of(),
              size,
              entry.path("comment").asText("")));
    }
    if (!entries.isEmpty()) {
      HistoryEntry top = entries.get(0);
      entries.set(
          0,
          new HistoryEntry(
              imageId, top.created(), top.createdBy(), tags, top.size(), top.comment()));
    }
    return entries;
  }

  private static List<String> strings(JsonNode array) {
    List<String> values = new ArrayList<>();
    array.forEach(value -> values.add(value.asText()));
    return List.copyOf(values);
  }

  private static List<String> stringsOrNull(JsonNode array) {
    return array.isArray() ? strings(array) : null;
  }

  private static Set<String> keys(JsonNode object) {
    Set<String> keys = new LinkedHashSet<>();
    object.fieldNames().forEachRemaining(keys::add);
    return keys;
  }

  private static Map<String, String> map(JsonNode object) {
    Map<String, String> map = new LinkedHashMap<>();
    object.fields().forEachRemaining(e -> map.put(e.getKey(), e.getValue().asText()));
    return map;
  }
}
