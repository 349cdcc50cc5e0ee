// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.create;

import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.wire.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What becomes of each field of one struct of a create request. A field that would be ignored in
 * silence is a false success: so every one stands here.
 */
public final class FieldTable {
  /** What becomes of a field. */
  public enum Treatment {
    /** Taken over into the specification. */
    HONOURED,
    /** Not built: anything but its default is refused. */
    REFUSED,
    /** Has no effect, for a reason. */
    INERT
  }

  /** A field's line in the table; the reason is empty for those honoured. */
  public record Line(String name, Treatment treatment, String reason, Predicate<Object> allowed) {}

  private final String prefix;
  private final Map<String, Line> lines = new LinkedHashMap<>();

  /**
   * A table without lines.
   *
   * @param prefix what names of fields begin with in messages, as in {@code HostConfig.}
   */
  FieldTable(String prefix) {
    this.prefix = prefix;
  }

  FieldTable honoured(String... names) {
    for (String name : names) {
      add(new Line(name, Treatment.HONOURED, "", value -> true));
    }
    return this;
  }

  FieldTable inert(String reason, String... names) {
    for (String name : names) {
      add(new Line(name, Treatment.INERT, reason, value -> true));
    }
    return this;
  }

  /** Refuses all but nothing: null, zero, false, an empty string, list or map. */
  FieldTable refused(String what, String... names) {
    return refused(what, FieldTable::isNothing, names);
  }

  /** Refuses all but nothing and these values, which say what is done anyway. */
  FieldTable refusedExcept(String what, Set<Object> harmless, String... names) {
    return refused(what, value -> isNothing(value) || harmless.contains(value), names);
  }

  FieldTable refused(String what, Predicate<Object> allowed, String... names) {
    for (String name : names) {
      add(new Line(name, Treatment.REFUSED, what, allowed));
    }
    return this;
  }

  private void add(Line line) {
    if (lines.put(line.name(), line) != null) {
      throw new IllegalStateException(prefix + line.name() + " has two lines");
    }
  }

  private static boolean isNothing(Object value) {
    return value == null
        || value.equals("")
        || value.equals(false)
        || (value instanceof Number number && number.doubleValue() == 0)
        || (value instanceof List<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  /**
   * Looks at the fields that are refused.
   *
   * @throws EngineException UNSUPPORTED, naming the first that is set
   */
  void check(Fields fields) {
    for (Line line : lines.values()) {
      if (line.treatment() == Treatment.REFUSED && !line.allowed().test(fields.get(line.name()))) {
        throw EngineException.unsupported(
            prefix
                + line.name()
                + " is not supported by this version of Gantry: "
                + line.reason()
                + "; leave it out");
      }
    }
  }

  public Set<String> names() {
    return lines.keySet();
  }

  public Map<String, Line> lines() {
    return Map.copyOf(lines);
  }
}
