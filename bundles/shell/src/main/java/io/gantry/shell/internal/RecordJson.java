// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeMap;

/** Records, lists and maps as indented JSON; what else there is by its text. */
final class RecordJson {
  private static final String STEP = "    ";

  private final StringBuilder out = new StringBuilder();

  private RecordJson() {}

  static String write(Object value) {
    RecordJson json = new RecordJson();
    json.value(value, "\n");
    return json.out.toString();
  }

  private void value(Object value, String line) {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else if (value instanceof Map<?, ?> map) {
      TreeMap<String, Object> sorted = new TreeMap<>();
      map.forEach((key, entry) -> sorted.put(key.toString(), entry));
      object(sorted, line);
    } else if (value instanceof Iterable<?> list) {
      array(list, line);
    } else if (value instanceof Record entity) {
      object(components(entity), line);
    } else {
      string(value.toString());
    }
  }

  private static Map<String, Object> components(Record entity) {
    Map<String, Object> values = new java.util.LinkedHashMap<>();
    for (RecordComponent component : entity.getClass().getRecordComponents()) {
      try {
        values.put(component.getName(), component.getAccessor().invoke(entity));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("cannot read " + component, e);
      }
    }
    return values;
  }

  private void object(Map<String, Object> entries, String line) {
    if (entries.isEmpty()) {
      out.append("{}");
      return;
    }
    String separator = "{";
    for (Map.Entry<String, Object> entry : entries.entrySet()) {
      out.append(separator).append(line).append(STEP);
      string(entry.getKey());
      out.append(": ");
      value(entry.getValue(), line + STEP);
      separator = ",";
    }
    out.append(line).append('}');
  }

  private void array(Iterable<?> list, String line) {
    String separator = "[";
    for (Object element : list) {
      out.append(separator).append(line).append(STEP);
      value(element, line + STEP);
      separator = ",";
    }
    out.append(",".equals(separator) ? line + "]" : "[]");
  }

  private void string(String text) {
    out.append('"');
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
              } else if (c == '\n') {
                out.append("\\n");
              } else if (c < ' ') {
                out.append(String.format("\\u%04x", c));
              } else {
                out.append((char) c);
              }
            });
    out.append('"');
  }
}
