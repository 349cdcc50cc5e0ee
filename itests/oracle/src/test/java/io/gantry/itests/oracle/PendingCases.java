// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Cases in which Gantry does not answer as dockerd does yet. They run like all others; a mismatch
 * is reported as skipped, with the reason. A line is {@code case id | what is missing}.
 */
final class PendingCases {
  private final Map<String, String> reasons;

  private PendingCases(Map<String, String> reasons) {
    this.reasons = reasons;
  }

  static PendingCases read(Path file) throws IOException {
    Map<String, String> reasons = new LinkedHashMap<>();
    for (String line : Files.readAllLines(file)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int bar = line.indexOf('|');
      if (bar < 0 || line.substring(bar + 1).isBlank()) {
        throw new IllegalArgumentException("a pending case needs a reason: " + line);
      }
      reasons.put(line.substring(0, bar).strip(), line.substring(bar + 1).strip());
    }
    return new PendingCases(reasons);
  }

  /** Why a mismatch of the case is known, null if it is not. */
  String reason(String id) {
    return reasons.get(id);
  }
}
