// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.launcher;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one JSON object (RFC 8259). The launcher runs before any library is there. */
final class JsonObject {
  private final String text;
  private int at;

  private JsonObject(String text) {
    this.text = text;
  }

  /**
   * @throws IllegalArgumentException with the place of the mistake
   */
  static Map<String, Object> parse(String text) {
    JsonObject reader = new JsonObject(text);
    reader.skip();
    Map<String, Object> object = reader.object();
    reader.skip();
    if (reader.at < text.length()) {
      throw reader.wrong("nothing more");
    }
    return object;
  }

  private Map<String, Object> object() {
    Map<String, Object> object = new LinkedHashMap<>();
    expect('{');
    if (!take('}')) {
      do {
        skip();
        String key = string();
        expect(':');
        object.put(key, value());
      } while (take(','));
      expect('}');
    }
    return object;
  }

  private Object value() {
    skip();
    char c = at < text.length() ? text.charAt(at) : 0;
    if (c == '{') {
      return object();
    }
    if (c == '"') {
      return string();
    }
    if (c == '[') {
      return array();
    }
    int start = at;
    while (at < text.length()
        && "+-.0123456789abcdefghijklmnopqrstuvwxyzE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    String word = text.substring(start, at);
    if (word.equals("true") || word.equals("false")) {
      return Boolean.valueOf(word);
    }
    if (word.matches("-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
      return word;
    }
    at = start;
    throw wrong("a value");
  }

  private List<Object> array() {
    List<Object> array = new ArrayList<>();
    expect('[');
    if (!take(']')) {
      do {
        array.add(value());
      } while (take(','));
      expect(']');
    }
    return array;
  }

  private String string() {
    expect('"');
    StringBuilder value = new StringBuilder();
    while (at < text.length() && text.charAt(at) != '"') {
      char c = text.charAt(at++);
      if (c != '\\') {
        value.append(c);
        continue;
      }
      char escape = at < text.length() ? text.charAt(at++) : 0;
      switch (escape) {
        case 'n' -> value.append('\n');
        case 't' -> value.append('\t');
        case 'r' -> value.append('\r');
        case 'b' -> value.append('\b');
        case 'f' -> value.append('\f');
        case '"', '\\', '/' -> value.append(escape);
        case 'u' -> {
          if (at + 4 > text.length()) {
            throw wrong("four hexadecimal digits");
          }
          value.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
          at += 4;
        }
        default -> throw wrong("an escape sequence");
      }
    }
    expect('"');
    return value.toString();
  }

  private void skip() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private boolean take(char c) {
    skip();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private void expect(char c) {
    if (!take(c)) {
      throw wrong("'" + c + "'");
    }
  }

  private IllegalArgumentException wrong(String wanted) {
    String found = at < text.length() ? "'" + text.charAt(at) + "'" : "the end";
    return new IllegalArgumentException(
        "invalid JSON at character " + at + ": " + wanted + " expected, " + found + " found");
  }
}
