// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.content;

import java.util.regex.Pattern;

/** The digest of a blob, {@code sha256:} and 64 hexadecimal digits. */
public record Digest(String value) {
  private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

  public Digest {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("invalid digest: " + value);
    }
  }

  /** The 64 digits alone. */
  public String hex() {
    return value.substring("sha256:".length());
  }

  @Override
  public String toString() {
    return value;
  }
}
