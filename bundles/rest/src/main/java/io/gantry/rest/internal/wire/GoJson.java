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
 * JSON as dockerd writes it, byte for byte: clients compare and sign what they get. Answers keep
 * what HTML could take for markup as it is; lines of streams escape it, since there dockerd leaves
 * Go's encoder to its defaults.
 */
public final class GoJson {
  private static final int TYPICAL_SIZE = 2048;

  private final JsonFactory answers = factory(new GoEscapes(""));
  private final JsonFactory streams = factory(new GoEscapes("<>&"));

  private static JsonFactory factory(CharacterEscapes escapes) {
    JsonFactory factory =
        JsonFactory.builder()
            // the default pool lives in a ThreadLocal, which would outlive an update of this bundle
            .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
            .disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();
    factory.setCharacterEscapes(escapes);
    return factory;
  }

  /** An answer. */
  public byte[] answer(Consumer<JsonWriter> document) {
    return bytes(answers, document, "\n");
  }

  /** A document in a stream. */
  public byte[] streamed(Consumer<JsonWriter> document) {
    return bytes(streams, document, "\n");
  }

  /** A document in a stream that tells of progress. */
  public byte[] progress(Consumer<JsonWriter> document) {
    return bytes(streams, document, "\r\n");
  }

  private static byte[] bytes(JsonFactory factory, Consumer<JsonWriter> document, String end) {
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

    GoEscapes(String markup) {
      escapes = standardAsciiEscapesForJSON();
      // Go before 1.22 has no short form for the first two
      for (char c : ("\b\f" + markup).toCharArray()) {
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
