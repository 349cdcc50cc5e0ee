// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.logging.LogTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFileOptionsTest {
  @Test
  void keepsFiveFilesOfTwentyMegabytesByDefault() {
    assertEquals(new JsonFileOptions(20_000_000, 5, false), JsonFileOptions.parse(Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "10, 10",
    "10b, 10",
    "1k, 1000",
    "2M, 2000000",
    "1.5kb, 1500",
    "3 GiB, 3000000000",
    "20m, 20000000"
  })
  void readsSizesInDecimalUnits(String text, long bytes) {
    assertEquals(bytes, JsonFileOptions.parse(Map.of("max-size", text)).maxSize());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max-size|abc|invalid size: 'abc'",
        "max-size|10x|invalid size: '10x'",
        "max-size|-1|invalid size: '-1'",
        "max-size|0|max-size must be a positive number",
        "max-file|abc|strconv.Atoi: parsing \"abc\": invalid syntax",
        "max-file|0|max-file cannot be less than 1",
        "compress|maybe|strconv.ParseBool: parsing \"maybe\": invalid syntax",
      })
  void refusesBadValues(String key, String value, String message) {
    EngineException refused =
        assertThrows(EngineException.class, () -> JsonFileOptions.parse(Map.of(key, value)));
    assertEquals("failed to initialize logging driver: " + message, refused.getMessage());
    assertEquals(ErrorKind.INVALID, refused.kind());
  }

  @Test
  void refusesUnknownKeys() {
    EngineException refused =
        assertThrows(EngineException.class, () -> JsonFileOptions.parse(Map.of("max-sizes", "1")));
    assertEquals("unknown log opt 'max-sizes' for json-file log driver", refused.getMessage());
  }

  @Test
  void refusesToCompressTheOnlyFile() {
    assertThrows(
        EngineException.class,
        () -> JsonFileOptions.parse(Map.of("compress", "true", "max-file", "1")));
  }

  @Test
  void attributesAreLabelsVariablesAndTag() {
    LogTarget target =
        new LogTarget(
            "0123456789abcdef",
            Path.of("/nowhere"),
            Map.of(
                "labels", "a,missing,a",
                "labels-regex", "^x",
                "env", "HOME",
                "tag", "{{.Name}}/{{ .ID }}<{{.ImageID}}"),
            Map.of(
                "name", "/web",
                "imageId", "sha256:fedcba98765432100000",
                "label:a", "1",
                "label:xy", "2",
                "label:b", "3",
                "env:HOME", "/\"ro\tot",
                "env:PATH", "/bin"));
    assertEquals(
        "{\"HOME\":\"/\\\"ro\\tot\",\"a\":\"1\",\"tag\":\"web/0123456789ab\\u003cfedcba987654\","
            + "\"xy\":\"2\"}",
        new String(LogAttributes.encode(target), StandardCharsets.UTF_8));
  }

  @Test
  void refusesTagsThatItCannotExpand() {
    assertEquals(
        "failed to initialize logging driver: template: log-tag:1:4: executing \"log-tag\" at"
            + " <.Nope>: can't evaluate field Nope in type *logger.Info",
        assertThrows(
                EngineException.class, () -> LogAttributes.validate(Map.of("tag", "a{{ .Nope}}")))
            .getMessage());
    assertThrows(
        EngineException.class, () -> LogAttributes.validate(Map.of("tag", "{{if .Name}}x{{end}}")));
  }
}
