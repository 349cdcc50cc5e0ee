// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of the Engine API, as in {@code /v1.41/}. */
public record ApiVersion(int major, int minor) implements Comparable<ApiVersion> {
  public static final ApiVersion MINIMUM = new ApiVersion(1, 24);
  public static final ApiVersion CURRENT = new ApiVersion(1, 50);

  /** Since here dockerd tells bad values in requests from faults of its own. */
  private static final int SORTED_ERRORS = 42;

  private static final Pattern PREFIX = Pattern.compile("/v([0-9.]+)(/.*)");

  /** A path without its version, and that version's text; null if the path has none. */
  public record Versioned(String version, String path) {}

  public static Versioned split(String path) {
    if (path.startsWith("/v")) {
      Matcher matcher = PREFIX.matcher(path);
      if (matcher.matches()) {
        return new Versioned(matcher.group(1), matcher.group(2));
      }
    }
    return new Versioned(null, path);
  }

  /** Parts that are missing or no numbers are 0, as dockerd takes them. */
  public static ApiVersion parse(String text) {
    String[] parts = text.split("\\.", -1);
    return new ApiVersion(part(parts, 0), part(parts, 1));
  }

  private static int part(String[] parts, int index) {
    if (index >= parts.length || parts[index].isEmpty() || parts[index].length() > 6) {
      return 0;
    }
    return Integer.parseInt(parts[index]);
  }

  /** Whether this is at least version 1.{@code minor}. */
  public boolean atLeast(int minimumMinor) {
    return compareTo(new ApiVersion(1, minimumMinor)) >= 0;
  }

  public boolean sortsErrors() {
    return atLeast(SORTED_ERRORS);
  }

  @Override
  public int compareTo(ApiVersion other) {
    return major != other.major
        ? Integer.compare(major, other.major)
        : Integer.compare(minor, other.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
