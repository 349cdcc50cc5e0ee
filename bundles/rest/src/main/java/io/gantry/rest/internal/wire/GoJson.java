// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * JSON as Go's encoder writes it, byte for byte: clients compare and sign what they get. It escapes
 * what HTML could take for markup, and writes hexadecimal digits in lower case.
 */
public final class GoJson {
  private static final int TYPICAL_SIZE = 2048;

  private final JsonFactory factory;

  public GoJson() {
    factory =
        JsonFactory.builder()
            // the default pool lives in a ThreadLocal, which would outlive an update of this bundle
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .build();
    factory.setCharacterEscapes(new GoEscapes());
  }

  /** One document. */
  public byte[] bytes(Consumer<JsonWriter> document) {
    return bytes(document, "");
  }

  /** One document with a line feed behind it, as Go's stream encoder ends each value. */
  public byte[] line(Consumer<JsonWriter> document) {
    return bytes(document, "\n");
  }

  /** One document of a progress stream. */
  public byte[] progressLine(Consumer<JsonWriter> document) {
    return bytes(document, "\r\n");
  }

  private byte[] bytes(Consumer<JsonWriter> document, String end) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(TYPICAL_SIZE);
    try (JsonWriter writer = new JsonWriter(factory.createGenerator(out))) {
      document.accept(writer);
      writer.raw(end);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static final class GoEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;
    private static final SerializableString LINE_SEPARATOR = new SerializedString("\\u2028");
    private static final SerializableString PARAGRAPH_SEPARATOR = new SerializedString("\\u2029");
    private final int[] escapes;

    GoEscapes() {
      escapes = standardAsciiEscapesForJSON();
      // Go before 1.22 has no short form for these two
      for (char c : new char[] {'<', '>', '&', '\b', '\f'}) {
        escapes[c] = ESCAPE_STANDARD;
      }
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      return Arrays.copyOf(escapes, escapes.length);
    }

    @Override
    public SerializableString getEscapeSequence(int character) {
      return switch (character) {
        case 0x2028 -> LINE_SEPARATOR;
        case 0x2029 -> PARAGRAPH_SEPARATOR;
        default -> null;
      };
    }
  }
}
