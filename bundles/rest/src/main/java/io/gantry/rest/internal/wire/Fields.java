// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fields of a JSON object that a Go struct would be filled from: names match without regard to
 * case if none matches exactly, absent and {@code null} are the same, and a value of another type
 * is refused in Go's words.
 */
public final class Fields {
  private final String struct;
  private final String path;
  private final Map<String, Object> values;

  private Fields(String struct, String path, Map<String, Object> values) {
    this.struct = struct;
    this.path = path;
    this.values = values;
  }

  /**
   * The fields of a value that must be an object or null.
   *
   * @param type the Go type that messages name, as in {@code runconfig.ContainerConfigWrapper}
   */
  public static Fields of(Object value, String type) {
    if (value == null) {
      return new Fields(simpleName(type), "", Map.of());
    }
    if (!(value instanceof Map<?, ?> object)) {
      throw mismatch(value, type);
    }
    return new Fields(simpleName(type), "", cast(object));
  }

  @SuppressWarnings("unchecked") // the reader makes no other maps
  private static Map<String, Object> cast(Map<?, ?> object) {
    return (Map<String, Object>) object;
  }

  /** A value that is not part of a struct has another type. */
  public static MalformedRequestException mismatch(Object value, String type) {
    return new MalformedRequestException(
        "json: cannot unmarshal " + kind(value) + " into Go value of type " + type);
  }

  private static String simpleName(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  private static String kind(Object value) {
    if (value instanceof Map) {
      return "object";
    } else if (value instanceof List) {
      return "array";
    } else if (value instanceof BigDecimal) {
      return "number";
    } else if (value instanceof Boolean) {
      return "bool";
    }
    return "string";
  }

  private MalformedRequestException mismatch(String name, Object value, String type) {
    return mismatch(name, kind(value), type);
  }

  private MalformedRequestException mismatch(String name, String what, String type) {
    return new MalformedRequestException(
        "json: cannot unmarshal "
            + what
            + " into Go struct field "
            + struct
            + "."
            + path
            + name
            + " of type "
            + type);
  }

  /** Whether one of these is there, whatever its value. */
  public boolean hasAny(Collection<String> names) {
    return names.stream()
        .anyMatch(name -> values.keySet().stream().anyMatch(name::equalsIgnoreCase));
  }

  /** The value as it was read. */
  public Object get(String name) {
    Object exact = values.get(name);
    if (exact != null || values.containsKey(name)) {
      return exact;
    }
    for (Map.Entry<String, Object> field : values.entrySet()) {
      if (field.getKey().equalsIgnoreCase(name)) {
        return field.getValue();
      }
    }
    return null;
  }

  /** Empty if absent. */
  public String string(String name) {
    return string(name, "string");
  }

  /** Empty if absent; {@code type} is Go's name for a string of some kind. */
  public String string(String name, String type) {
    Object value = get(name);
    if (value == null) {
      return "";
    }
    if (value instanceof String text) {
      return text;
    }
    throw mismatch(name, value, type);
  }

  public boolean bool(String name) {
    return Boolean.TRUE.equals(boolOrNull(name));
  }

  public Boolean boolOrNull(String name) {
    Object value = get(name);
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    throw mismatch(name, value, "bool");
  }

  public long int64(String name) {
    Long value = int64OrNull(name, "int64");
    return value == null ? 0 : value;
  }

  public Integer intOrNull(String name) {
    Long value = int64OrNull(name, "int");
    if (value == null) {
      return null;
    }
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
  }

  public Long int64OrNull(String name) {
    return int64OrNull(name, "int64");
  }

  private Long int64OrNull(String name, String type) {
    Object value = get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof BigDecimal number)) {
      throw mismatch(name, value, type);
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw mismatch(name, "number " + number, type);
    }
  }

  /** Null if absent. */
  public List<String> stringsOrNull(String name) {
    Object value = get(name);
    if (value == null) {
      return null;
    }
    if (!(value instanceof List<?> items)) {
      throw mismatch(name, value, "[]string");
    }
    List<String> strings = new ArrayList<>(items.size());
    for (Object item : items) {
      if (item != null && !(item instanceof String)) {
        throw mismatch(name, item, "string");
      }
      strings.add(item == null ? "" : (String) item);
    }
    return strings;
  }

  public List<String> strings(String name) {
    List<String> strings = stringsOrNull(name);
    return strings == null ? List.of() : strings;
  }

  /** Empty if absent. */
  public List<Integer> integers(String name) {
    Object value = get(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> items)) {
      throw mismatch(name, value, "[]uint");
    }
    List<Integer> integers = new ArrayList<>(items.size());
    for (Object item : items) {
      if (!(item instanceof BigDecimal number)) {
        throw mismatch(name, item, "uint");
      }
      integers.add(number.intValue());
    }
    return integers;
  }

  /** A list that may also be written as a single string, as {@code Cmd} and {@code Entrypoint}. */
  public List<String> stringsOrOne(String name) {
    Object value = get(name);
    if (value instanceof String one) {
      return List.of(one);
    }
    if (value != null && !(value instanceof List)) {
      throw mismatch(name, value, "string");
    }
    if (value instanceof List<?> items && !items.stream().allMatch(String.class::isInstance)) {
      throw mismatch(name, value, "string");
    }
    return stringsOrNull(name);
  }

  public Map<String, String> stringMap(String name) {
    Map<String, String> strings = new LinkedHashMap<>();
    map(name, "map[string]string")
        .forEach(
            (key, item) -> {
              if (item != null && !(item instanceof String)) {
                throw mismatch(name, item, "string");
              }
              strings.put(key, item == null ? "" : (String) item);
            });
    return strings;
  }

  /** The keys of a map to empty structs, which is a set. */
  public Set<String> set(String name) {
    Map<String, Object> map = map(name, "map[string]struct {}");
    map.forEach(
        (key, item) -> {
          if (item != null && !(item instanceof Map)) {
            throw mismatch(name, item, "struct {}");
          }
        });
    return new TreeSet<>(map.keySet());
  }

  private Map<String, Object> map(String name, String type) {
    Object value = get(name);
    if (value == null) {
      return Map.of();
    }
    if (value instanceof Map<?, ?> map) {
      return cast(map);
    }
    throw mismatch(name, value, type);
  }

  /** The fields of a nested struct; without fields if absent. */
  public Fields object(String name, String type) {
    Object value = get(name);
    if (value != null && !(value instanceof Map)) {
      throw mismatch(name, value, type);
    }
    return nested(name, type, value);
  }

  public List<Fields> objects(String name, String type) {
    Object value = get(name);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> items)) {
      throw mismatch(name, value, "[]" + type);
    }
    List<Fields> objects = new ArrayList<>(items.size());
    for (Object item : items) {
      if (item != null && !(item instanceof Map)) {
        throw mismatch(name, item, type);
      }
      objects.add(nested(name, type, item));
    }
    return objects;
  }

  public Map<String, Fields> objectMap(String name, String type) {
    Map<String, Fields> objects = new LinkedHashMap<>();
    map(name, "map[string]*" + type)
        .forEach(
            (key, item) -> {
              if (item != null && !(item instanceof Map)) {
                throw mismatch(name, item, type);
              }
              objects.put(key, nested(name, type, item));
            });
    return objects;
  }

  private Fields nested(String name, String type, Object value) {
    return new Fields(
        simpleName(type), path + name + ".", value == null ? Map.of() : cast((Map<?, ?>) value));
  }
}
