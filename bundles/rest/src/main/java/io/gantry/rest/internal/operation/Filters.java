// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.wire.Fields;
import io.gantry.rest.internal.wire.JsonReader;
import io.gantry.rest.internal.wire.MalformedRequestException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * The parameter {@code filters}: values by name, in the form {@code {"name":{"value":true}}} or the
 * older {@code {"name":["value"]}}.
 */
public final class Filters {
  private final Map<String, List<String>> values;

  private Filters(Map<String, List<String>> values) {
    this.values = values;
  }

  /** Takes any names. */
  public static Filters any(Exchange exchange) {
    return new Filters(read(exchange));
  }

  /**
   * Takes these names alone.
   *
   * @throws EngineException INVALID for a name that is not accepted
   */
  public static Filters of(Exchange exchange, Set<String> accepted) {
    Filters filters = any(exchange);
    for (String name : filters.values.keySet()) {
      if (!accepted.contains(name)) {
        throw invalid(name);
      }
    }
    return filters;
  }

  static EngineException invalid(String name) {
    return EngineException.invalid("Invalid filter '" + name + "'");
  }

  static EngineException invalid(String name, String value) {
    return invalid(name + "=" + value);
  }

  private static Map<String, List<String>> read(Exchange exchange) {
    String text = exchange.query().get("filters");
    if (text.isEmpty()) {
      return Map.of();
    }
    Object json = JsonReader.read(text.getBytes(StandardCharsets.UTF_8));
    if (json == null) {
      return Map.of();
    }
    try {
      return read(json, Filters::set);
    } catch (MalformedRequestException e) {
      try {
        return read(json, Filters::list);
      } catch (MalformedRequestException ofOldForm) {
        throw e;
      }
    }
  }

  private static Map<String, List<String>> read(
      Object json, Function<Object, List<String>> values) {
    if (!(json instanceof Map<?, ?> filters)) {
      throw Fields.mismatch(json, "map[string]map[string]bool");
    }
    Map<String, List<String>> read = new LinkedHashMap<>();
    filters.forEach((name, value) -> read.put((String) name, values.apply(value)));
    return read;
  }

  private static List<String> set(Object value) {
    if (!(value instanceof Map<?, ?> set)) {
      throw Fields.mismatch(value, "map[string]bool");
    }
    List<String> values = new ArrayList<>();
    set.forEach(
        (item, wanted) -> {
          if (!(wanted instanceof Boolean)) {
            throw Fields.mismatch(wanted, "bool");
          }
          if (wanted.equals(true)) {
            values.add((String) item);
          }
        });
    return values;
  }

  private static List<String> list(Object value) {
    if (!(value instanceof List<?> list)) {
      throw Fields.mismatch(value, "[]string");
    }
    List<String> values = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof String text)) {
        throw Fields.mismatch(item, "string");
      }
      values.add(text);
    }
    return values;
  }

  public boolean has(String name) {
    return !get(name).isEmpty();
  }

  public List<String> get(String name) {
    return values.getOrDefault(name, List.of());
  }

  /** Whether the value is one of those wanted; true if none is. */
  public boolean exact(String name, String value) {
    List<String> wanted = get(name);
    return wanted.isEmpty() || wanted.contains(value);
  }

  /** Whether the value begins with one of those wanted; true if none is. */
  public boolean prefix(String name, String value) {
    List<String> wanted = get(name);
    return wanted.isEmpty() || wanted.stream().anyMatch(value::startsWith);
  }

  /** Whether one of the patterns is found in the value; true if there is none. */
  public boolean pattern(String name, String value) {
    List<String> wanted = get(name);
    return wanted.isEmpty() || wanted.stream().anyMatch(pattern -> find(pattern, value));
  }

  private static boolean find(String pattern, String value) {
    try {
      return Pattern.compile(pattern).matcher(value).find();
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** Whether all of the wanted {@code key} and {@code key=value} are among the labels. */
  public boolean labels(String name, Map<String, String> labels) {
    return get(name).stream().allMatch(wanted -> label(wanted, labels));
  }

  /** Whether none of the unwanted is among the labels. */
  public boolean noLabels(String name, Map<String, String> labels) {
    return get(name).stream().noneMatch(unwanted -> label(unwanted, labels));
  }

  private static boolean label(String wanted, Map<String, String> labels) {
    if (labels == null) {
      return false;
    }
    int equals = wanted.indexOf('=');
    String key = equals < 0 ? wanted : wanted.substring(0, equals);
    String value = labels.get(key);
    return value != null && (equals < 0 || value.equals(wanted.substring(equals + 1)));
  }

  /**
   * A filter that is true or false; null if absent.
   *
   * @throws EngineException INVALID for anything else
   */
  public Boolean bool(String name) {
    List<String> wanted = get(name);
    if (wanted.isEmpty()) {
      return null;
    }
    boolean yes = wanted.contains("1") || wanted.contains("true");
    boolean no = wanted.contains("0") || wanted.contains("false");
    if (yes == no) {
      throw invalid(name, "[" + String.join(" ", wanted) + "]");
    }
    return yes;
  }
}
