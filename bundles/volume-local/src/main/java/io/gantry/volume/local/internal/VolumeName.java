// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.volume.local.internal;

import io.gantry.api.error.EngineException;
import java.util.regex.Pattern;

/** The rule for names, which are names of directories as well. */
final class VolumeName {
  private static final String ALLOWED = "[a-zA-Z0-9][a-zA-Z0-9_.-]";
  private static final Pattern RULE = Pattern.compile(ALLOWED + "+");

  private VolumeName() {}

  static void check(String name) {
    if (name.length() == 1) {
      throw EngineException.invalid(
          "create "
              + name
              + ": volume name is too short, names should be at least two alphanumeric characters");
    }
    if (!RULE.matcher(name).matches()) {
      throw EngineException.invalid(
          "create "
              + name
              + ": \""
              + name
              + "\" includes invalid characters for a local volume name, only \""
              + ALLOWED
              + "\" are allowed. If you intended to pass a host directory, use absolute path");
    }
  }

  /** A name that cannot be there: to look for it must not leave the directory of volumes. */
  static boolean isValid(String name) {
    return RULE.matcher(name).matches();
  }
}
