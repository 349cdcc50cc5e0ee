// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gantry.api.error.EngineException;
import io.gantry.api.logging.LogTarget;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The {@code attrs} of each line: the container's labels and variables that the options name, and
 * the tag. The engine passes them in as {@code label:NAME} and {@code env:NAME}.
 */
final class LogAttributes {
  private static final Pattern ACTION = Pattern.compile("\\{\\{(.*?)\\}\\}");
  private static final int SHORT_ID = 12;

  private LogAttributes() {}

  /** The JSON object, keys sorted; empty if no attributes are wanted. */
  static byte[] encode(LogTarget target) {
    TreeMap<String, String> attributes = new TreeMap<>();
    Map<String, String> options = target.driverOptions();
    collect(target, "label:", options.get("labels"), options.get("labels-regex"), attributes);
    collect(target, "env:", options.get("env"), options.get("env-regex"), attributes);
    String tag = expandTag(options.getOrDefault("tag", ""), target);
    if (!tag.isEmpty()) {
      attributes.put("tag", tag);
    }
    if (attributes.isEmpty()) {
      return new byte[0];
    }
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    int separator = '{';
    for (Map.Entry<String, String> attribute : attributes.entrySet()) {
      json.write(separator);
      writeString(attribute.getKey(), json);
      json.write(':');
      writeString(attribute.getValue(), json);
      separator = ',';
    }
    json.write('}');
    return json.toByteArray();
  }

  /** As the lines of the log, but for a tab: dockerd uses another encoder for the attributes. */
  private static void writeString(String text, ByteArrayOutputStream json) {
    String between = "\"";
    for (String part : text.split("\t", -1)) {
      json.writeBytes(between.getBytes(UTF_8));
      json.writeBytes(JsonLineEncoder.escaped(part.getBytes(UTF_8)));
      between = "\\t";
    }
    json.write('"');
  }

  /** Checks what {@link #encode} will need. */
  static void validate(Map<String, String> options) {
    pattern(options.get("labels-regex"));
    pattern(options.get("env-regex"));
    Matcher actions = ACTION.matcher(options.getOrDefault("tag", ""));
    while (actions.find()) {
      field(actions, "", Map.of());
    }
  }

  private static void collect(
      LogTarget target, String prefix, String names, String regex, Map<String, String> into) {
    Predicate<String> wanted = name -> false;
    if (names != null && !names.isEmpty()) {
      wanted = Arrays.stream(names.split(",")).map(String::strip).toList()::contains;
    }
    Pattern pattern = pattern(regex);
    if (pattern != null) {
      wanted = wanted.or(name -> pattern.matcher(name).find());
    }
    for (Map.Entry<String, String> fact : target.attributes().entrySet()) {
      String name = fact.getKey();
      if (name.startsWith(prefix) && wanted.test(name.substring(prefix.length()))) {
        into.put(name.substring(prefix.length()), fact.getValue());
      }
    }
  }

  private static Pattern pattern(String regex) {
    try {
      return regex == null || regex.isEmpty() ? null : Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw JsonFileOptions.refused(
          "error parsing regexp: " + e.getDescription() + ": `" + regex + "`");
    }
  }

  private static String expandTag(String template, LogTarget target) {
    return ACTION
        .matcher(template)
        .replaceAll(
            action ->
                Matcher.quoteReplacement(field(action, target.containerId(), target.attributes())));
  }

  /** One field of dockerd's log tag template; its functions and conditions are not supported. */
  private static String field(MatchResult action, String containerId, Map<String, String> facts) {
    String name = facts.getOrDefault("name", "");
    String imageId = facts.getOrDefault("imageId", "");
    String field = action.group(1).strip();
    return switch (field) {
      case ".ID" -> shortened(containerId);
      case ".FullID" -> containerId;
      case ".Name" -> name.startsWith("/") ? name.substring(1) : name;
      case ".FullName" -> name;
      case ".ImageID" -> shortened(imageId.substring(imageId.indexOf(':') + 1));
      case ".ImageFullID" -> imageId;
      case ".ImageName" -> facts.getOrDefault("image", "");
      case ".DaemonName" -> "docker";
      default -> throw unknown(field, action.start(1) + action.group(1).indexOf(field));
    };
  }

  private static EngineException unknown(String field, int column) {
    return JsonFileOptions.refused(
        field.matches("\\.\\w+")
            ? ("template: log-tag:1:%d: executing \"log-tag\" at <%s>: can't evaluate"
                    + " field %s in type *logger.Info")
                .formatted(column, field, field.substring(1))
            : "the log tag holds {{" + field + "}}; only fields such as {{.Name}} are supported");
  }

  private static String shortened(String id) {
    return id.length() <= SHORT_ID ? id : id.substring(0, SHORT_ID);
  }
}
