// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a client says first: {@code 1 NUL directory NUL TERM NUL columns NUL rows}, then {@code NUL
 * word} for each word of the command; without words the session is interactive.
 */
record Hello(Path directory, String term, TerminalSize size, List<String> words) {
  private static final String VERSION = "1";
  private static final int FIXED_FIELDS = 5;

  Hello {
    words = List.copyOf(words);
  }

  static Hello parse(String text) {
    String[] fields = text.split("\0", -1);
    if (fields.length < FIXED_FIELDS || !VERSION.equals(fields[0])) {
      throw new IllegalArgumentException(
          "the client speaks another version of the protocol; use the bin/gantry of this engine");
    }
    return new Hello(
        Path.of(fields[1]),
        fields[2].isEmpty() ? "dumb" : fields[2],
        TerminalSize.parse(fields[3], fields[4]),
        Arrays.asList(fields).subList(FIXED_FIELDS, fields.length));
  }

  boolean interactive() {
    return words.isEmpty();
  }
}
