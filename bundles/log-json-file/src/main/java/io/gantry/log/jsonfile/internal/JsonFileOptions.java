// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import io.gantry.api.error.EngineException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of one log that say how its files are kept. Keys and messages are dockerd's; the
 * defaults are not: without options a log takes at most 100 MB, where dockerd fills the disk.
 *
 * @param maxSize a file that has reached this size is rotated
 * @param maxFiles how many files there are at most, the current one included
 */
record JsonFileOptions(long maxSize, int maxFiles, boolean compress) {
  private static final Set<String> KEYS =
      Set.of(
          "max-file", "max-size", "compress", "labels", "labels-regex", "env", "env-regex", "tag");
  private static final Pattern SIZE =
      Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kKmMgGtTpP])?[iI]?[bB]?");
  private static final long DEFAULT_MAX_SIZE = 20_000_000;
  private static final int DEFAULT_MAX_FILES = 5;

  static JsonFileOptions parse(Map<String, String> options) {
    options.keySet().stream()
        .sorted()
        .filter(key -> !KEYS.contains(key))
        .findFirst()
        .ifPresent(
            key -> {
              throw EngineException.invalid(
                  "unknown log opt '" + key + "' for json-file log driver");
            });
    long maxSize = DEFAULT_MAX_SIZE;
    if (options.containsKey("max-size")) {
      maxSize = size(options.get("max-size"));
      if (maxSize <= 0) {
        throw refused("max-size must be a positive number");
      }
    }
    int maxFiles = DEFAULT_MAX_FILES;
    if (options.containsKey("max-file")) {
      maxFiles = number(options.get("max-file"));
      if (maxFiles < 1) {
        throw refused("max-file cannot be less than 1");
      }
    }
    boolean compress = options.containsKey("compress") && truth(options.get("compress"));
    if (compress && maxFiles == 1) {
      throw refused("compress cannot be true when max-file is less than 2 or max-size is not set");
    }
    return new JsonFileOptions(maxSize, maxFiles, compress);
  }

  /** dockerd finds a bad value when it starts the container, and says so in these words. */
  static EngineException refused(String message) {
    return EngineException.invalid("failed to initialize logging driver: " + message);
  }

  /** A size in decimal units: {@code 20m} is 20,000,000. */
  private static long size(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      throw refused("invalid size: '" + text + "'");
    }
    double number = Double.parseDouble(size.group(1));
    String unit = size.group(2) == null ? "" : size.group(2).toLowerCase(Locale.ROOT);
    return (long) (number * Math.pow(1000, unit.isEmpty() ? 0 : "kmgtp".indexOf(unit) + 1));
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw refused("strconv.Atoi: parsing \"" + text + "\": invalid syntax");
    }
  }

  private static boolean truth(String text) {
    return switch (text) {
      case "1", "t", "T", "true", "TRUE", "True" -> true;
      case "0", "f", "F", "false", "FALSE", "False" -> false;
      default -> throw refused("strconv.ParseBool: parsing \"" + text + "\": invalid syntax");
    };
  }
}
