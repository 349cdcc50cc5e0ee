// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Writes one document. The names tell what Go does with an empty value: a nil slice or map is
 * {@code null}, an empty one {@code []} or {@code {}}, and {@code omitempty} leaves the field out.
 */
public final class JsonWriter implements AutoCloseable {
  private final JsonGenerator out;

  JsonWriter(JsonGenerator out) {
    this.out = out;
  }

  /** Something that writes and may fail; memory does not, but the interface says so. */
  private interface Step {
    void run() throws IOException;
  }

  private JsonWriter write(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  public JsonWriter object(Runnable fields) {
    write(out::writeStartObject);
    fields.run();
    return write(out::writeEndObject);
  }

  public JsonWriter object(String name, Runnable fields) {
    name(name);
    return object(fields);
  }

  public <T> JsonWriter array(Collection<T> items, Consumer<T> item) {
    write(out::writeStartArray);
    items.forEach(item);
    return write(out::writeEndArray);
  }

  public <T> JsonWriter array(String name, Collection<T> items, Consumer<T> item) {
    name(name);
    return array(items, item);
  }

  public JsonWriter name(String name) {
    return write(() -> out.writeFieldName(name));
  }

  public JsonWriter value(String value) {
    return write(() -> out.writeString(value));
  }

  public JsonWriter value(long value) {
    return write(() -> out.writeNumber(value));
  }

  public JsonWriter field(String name, String value) {
    return write(() -> out.writeStringField(name, value == null ? "" : value));
  }

  public JsonWriter field(String name, long value) {
    return write(() -> out.writeNumberField(name, value));
  }

  public JsonWriter field(String name, boolean value) {
    return write(() -> out.writeBooleanField(name, value));
  }

  public JsonWriter field(String name, Instant value) {
    return field(name, GoTime.rfc3339Nano(value));
  }

  public JsonWriter nullField(String name) {
    return write(() -> out.writeNullField(name));
  }

  /** {@code null} for no number. */
  public JsonWriter nullable(String name, Number value) {
    return value == null ? nullField(name) : field(name, value.longValue());
  }

  public JsonWriter omitEmpty(String name, String value) {
    return value == null || value.isEmpty() ? this : field(name, value);
  }

  public JsonWriter omitZero(String name, long value) {
    return value == 0 ? this : field(name, value);
  }

  public JsonWriter omitFalse(String name, boolean value) {
    return value ? field(name, true) : this;
  }

  /** {@code []} for none; {@code null} only for null. */
  public JsonWriter strings(String name, Collection<String> values) {
    return values == null ? nullField(name) : array(name, values, this::value);
  }

  /** {@code null} for none. */
  public JsonWriter stringsOrNull(String name, Collection<String> values) {
    return values == null || values.isEmpty() ? nullField(name) : strings(name, values);
  }

  /** {@code {}} for none; {@code null} only for null. Keys are sorted, as Go sorts them. */
  public JsonWriter strings(String name, Map<String, String> values) {
    if (values == null) {
      return nullField(name);
    }
    return object(name, () -> sorted(values).forEach(this::field));
  }

  /** {@code null} for none. */
  public JsonWriter stringsOrNull(String name, Map<String, String> values) {
    return values == null || values.isEmpty() ? nullField(name) : strings(name, values);
  }

  /** A set, which Go has as a map to empty structs; {@code null} for none. */
  public JsonWriter setOrNull(String name, Collection<String> values) {
    if (values == null || values.isEmpty()) {
      return nullField(name);
    }
    return object(name, () -> values.stream().sorted().forEach(v -> object(v, () -> {})));
  }

  static <V> Map<String, V> sorted(Map<String, V> values) {
    return values.size() < 2 ? values : new TreeMap<>(values);
  }

  JsonWriter raw(String text) {
    return write(() -> out.writeRaw(text));
  }

  @Override
  public void close() {
    write(out::close);
  }
}
