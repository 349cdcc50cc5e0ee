// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON value into maps, lists, strings, booleans, {@link BigDecimal}s and null. What it
 * says about bad input is what Go's decoder says.
 */
public final class JsonReader {
  /** The body holds no value at all. */
  public static final String END_OF_INPUT = "EOF";

  private final JsonFactory factory =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(100).build())
          .build();

  /**
   * Reads the first value of the text; what follows it is not looked at.
   *
   * @throws MalformedRequestException with the message of Go's decoder
   */
  public Object read(byte[] text) {
    try (JsonParser parser = factory.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw new MalformedRequestException(END_OF_INPUT);
      }
      return value(parser);
    } catch (JsonEOFException e) {
      throw new MalformedRequestException("unexpected EOF");
    } catch (JsonParseException e) {
      throw new MalformedRequestException(describe(text, e));
    } catch (StreamConstraintsException e) {
      throw new MalformedRequestException("json: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
          throw new IllegalStateException("no value begins with " + parser.currentToken());
    };
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, value(parser));
    }
    return fields;
  }

  private static List<Object> array(JsonParser parser) throws IOException {
    List<Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return items;
  }

  private static String describe(byte[] text, JsonParseException e) {
    // for a wrong word the parser has read on to its end; Go stops at the first letter of it
    int at = (int) Math.max(0, Math.min(e.getLocation().getByteOffset(), text.length - 1));
    while (at > 0
        && Character.isLetterOrDigit(text[at])
        && Character.isLetterOrDigit(text[at - 1])) {
      at--;
    }
    String rest = new String(text, at, Math.min(4, text.length - at), StandardCharsets.UTF_8);
    String character = rest.codePointCount(0, rest.length()) == 0 ? "?" : first(rest);
    return "invalid character '" + character + "' looking for beginning of value";
  }

  private static String first(String text) {
    return new String(Character.toChars(text.codePointAt(0)));
  }
}
