// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON value into maps, lists, strings, booleans, {@link BigDecimal}s and null. Written
 * by hand for what it says about bad input: clients and scripts know the messages of Go's decoder,
 * and no library's parser can be made to say them.
 */
public final class JsonReader {
  private static final int DEEPEST = 500;
  private static final int END = -1;

  /** No exponent of a sensible number is longer; larger ones cost the reader, not the sender. */
  private static final int LONGEST_NUMBER = 100;

  private final byte[] text;
  private int at;
  private int depth;

  private JsonReader(byte[] text) {
    this.text = text;
  }

  /**
   * Reads the first value of the text; what follows it is not looked at.
   *
   * @throws MalformedRequestException with the message of Go's decoder
   */
  public static Object read(byte[] text) {
    JsonReader reader = new JsonReader(text);
    if (reader.peekToken() == END) {
      throw new MalformedRequestException("EOF");
    }
    return reader.value();
  }

  private Object value() {
    int next = peekToken();
    return switch (next) {
      case '{' -> nested(this::object);
      case '[' -> nested(this::array);
      case '"' -> string();
      case 't' -> literal("true", true);
      case 'f' -> literal("false", false);
      case 'n' -> literal("null", null);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> throw unexpected(next, "looking for beginning of value");
    };
  }

  private interface Nested {
    Object read();
  }

  private Object nested(Nested value) {
    if (++depth > DEEPEST) {
      throw new MalformedRequestException("exceeded max depth");
    }
    at++;
    Object read = value.read();
    depth--;
    return read;
  }

  private Map<String, Object> object() {
    Map<String, Object> fields = new LinkedHashMap<>();
    int next = peekToken();
    while (next != '}' || !fields.isEmpty()) {
      if (next != '"') {
        throw unexpected(next, "looking for beginning of object key string");
      }
      String name = string();
      expect(':', "after object key");
      fields.put(name, value());
      if (endAfter('}', "after object key:value pair")) {
        return fields;
      }
      next = peekToken();
    }
    at++;
    return fields;
  }

  private List<Object> array() {
    List<Object> items = new ArrayList<>();
    if (peekToken() == ']') {
      at++;
      return items;
    }
    do {
      items.add(value());
    } while (!endAfter(']', "after array element"));
    return items;
  }

  private void expect(char wanted, String context) {
    int next = peekToken();
    if (next != wanted) {
      throw unexpected(next, context);
    }
    at++;
  }

  /** Takes a comma or the end. */
  private boolean endAfter(char end, String context) {
    int next = peekToken();
    if (next != end && next != ',') {
      throw unexpected(next, context);
    }
    at++;
    return next == end;
  }

  private Object literal(String word, Object value) {
    for (int i = 0; i < word.length(); i++) {
      if (peek() != word.charAt(i)) {
        throw unexpected(peek(), "in literal " + word + " (expecting '" + word.charAt(i) + "')");
      }
      at++;
    }
    return value;
  }

  private BigDecimal number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    if (peek() == '0') {
      at++;
    } else {
      digits("in numeric literal");
    }
    if (peek() == '.') {
      at++;
      digits("after decimal point in numeric literal");
    }
    if (peek() == 'e' || peek() == 'E') {
      at++;
      if (peek() == '+' || peek() == '-') {
        at++;
      }
      digits("in exponent of numeric literal");
    }
    String number = new String(text, start, at - start, StandardCharsets.US_ASCII);
    try {
      if (number.length() <= LONGEST_NUMBER) {
        return new BigDecimal(number);
      }
    } catch (NumberFormatException e) {
      // the exponent is out of range
    }
    throw new MalformedRequestException("json: the number " + number + " is out of range");
  }

  private void digits(String context) {
    if (!isDigit(peek())) {
      throw unexpected(peek(), context);
    }
    while (isDigit(peek())) {
      at++;
    }
  }

  private static boolean isDigit(int character) {
    return character >= '0' && character <= '9';
  }

  private String string() {
    int start = ++at;
    while (peek() != '"' && peek() != '\\' && peek() >= ' ') {
      at++;
    }
    if (peek() == '"') {
      return new String(text, start, at++ - start, StandardCharsets.UTF_8);
    }
    StringBuilder decoded = new StringBuilder();
    while (true) {
      decoded.append(new String(text, start, at - start, StandardCharsets.UTF_8));
      int next = peek();
      if (next == '"') {
        at++;
        return decoded.toString();
      } else if (next != '\\') {
        throw unexpected(next, "in string literal");
      }
      at++;
      escape(decoded);
      start = at;
      while (peek() != '"' && peek() != '\\' && peek() >= ' ') {
        at++;
      }
    }
  }

  private void escape(StringBuilder decoded) {
    int code = peek();
    switch (code) {
      case '"', '\\', '/' -> decoded.append((char) code);
      case 'b' -> decoded.append('\b');
      case 'f' -> decoded.append('\f');
      case 'n' -> decoded.append('\n');
      case 'r' -> decoded.append('\r');
      case 't' -> decoded.append('\t');
      case 'u' -> decoded.append(hexadecimal());
      default -> throw unexpected(code, "in string escape code");
    }
    at++;
  }

  /** Leaves the last of the four digits to be passed. */
  private char hexadecimal() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      at++;
      int digit = peek() == END ? -1 : Character.digit(peek(), 16);
      if (digit < 0) {
        throw unexpected(peek(), "in \\u hexadecimal character escape");
      }
      unit = unit << 4 | digit;
    }
    return (char) unit;
  }

  /** The next character that is no space. */
  private int peekToken() {
    while (at < text.length
        && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) {
      at++;
    }
    return peek();
  }

  private int peek() {
    return at < text.length ? text[at] & 0xff : END;
  }

  private static MalformedRequestException unexpected(int character, String context) {
    if (character == END) {
      return new MalformedRequestException("unexpected EOF");
    }
    return new MalformedRequestException("invalid character " + quote(character) + " " + context);
  }

  private static String quote(int character) {
    return switch (character) {
      case '\'' -> "'\\''";
      case '\\' -> "'\\\\'";
      case '\n' -> "'\\n'";
      case '\r' -> "'\\r'";
      case '\t' -> "'\\t'";
      default ->
          character < ' ' ? String.format("'\\x%02x'", character) : "'" + (char) character + "'";
    };
  }
}
