// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.state.internal;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Function;

/** Records to JSON documents and back. */
final class DocumentCodec {
  private final ObjectMapper mapper = new ObjectMapper();

  DocumentCodec() {
    SimpleModule scalars = new SimpleModule("gantry-scalars");
    // Path is an interface: its serializer must be found for the file system's own class.
    register(scalars, Path.class, Path::toString, Path::of);
    register(scalars, Instant.class, Instant::toString, Instant::parse);
    register(scalars, InetAddress.class, InetAddress::getHostAddress, DocumentCodec::literal);
    mapper.registerModule(scalars);
    // Components only: a record may have further methods that look like properties.
    mapper.setVisibility(PropertyAccessor.GETTER, JsonAutoDetect.Visibility.NONE);
    mapper.setVisibility(PropertyAccessor.IS_GETTER, JsonAutoDetect.Visibility.NONE);
    mapper.setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY);
    mapper.setSerializationInclusion(JsonInclude.Include.NON_NULL);
    mapper.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  String write(Record document) {
    try {
      return mapper.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw EngineException.internal(
          "a " + document.getClass().getSimpleName() + " cannot be stored: " + e.getMessage(), e);
    }
  }

  <T extends Record> T read(String table, String key, String document, Class<T> type) {
    try {
      return mapper.readValue(document, type);
    } catch (JsonProcessingException e) {
      throw new EngineException(
          ErrorKind.DATA_LOSS,
          "the stored document "
              + key
              + " of table "
              + table
              + " cannot be read: "
              + e.getOriginalMessage()
              + "; was it written by a newer engine?",
          e);
    }
  }

  private static InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(address + " is not an address", e);
    }
  }

  private static <T> void register(
      SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> read) {
    module.addSerializer(
        type,
        new JsonSerializer<T>() {
          @Override
          public void serialize(T value, JsonGenerator generator, SerializerProvider provider)
              throws IOException {
            generator.writeString(write.apply(value));
          }
        });
    module.addDeserializer(
        type,
        new JsonDeserializer<T>() {
          @Override
          public T deserialize(JsonParser parser, DeserializationContext context)
              throws IOException {
            try {
              return read.apply(parser.getValueAsString());
            } catch (RuntimeException e) {
              throw new IOException(e.getMessage(), e);
            }
          }
        });
  }
}
