// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.directory;

import io.gantry.api.error.EngineException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Names of snapshots as names of files: any character is allowed in the one, few in the other. No
 * such file begins with a dot, and none depends on the JVM's idea of the locale.
 */
final class SnapshotNames {
  /** NAME_MAX of Linux, less what a temporary name adds. */
  private static final int BYTES_MAX = 250;

  private SnapshotNames() {}

  static String encode(String name) {
    StringBuilder file = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == ':'
              || c == '_'
              || c == '-'
              || (c == '.' && file.length() > 0);
      file.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    if (file.length() == 0 || file.length() > BYTES_MAX) {
      throw EngineException.invalid(
          "invalid snapshot name \""
              + name
              + "\": it is empty or longer than a file's name can be");
    }
    return file.toString();
  }

  static String decode(String file) {
    ByteArrayOutputStream name = new ByteArrayOutputStream();
    for (int i = 0; i < file.length(); i++) {
      if (file.charAt(i) == '%') {
        name.write(Integer.parseInt(file.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        name.write(file.charAt(i));
      }
    }
    return name.toString(StandardCharsets.UTF_8);
  }
}
