// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import java.util.List;
import java.util.Set;

/**
 * One case of a case file.
 *
 * @param area the file's name without its ending
 * @param tags what the case counts as: {@code error}, {@code stream}, {@code raw}, {@code wire}
 *     (steps on a connection instead of a script)
 * @param lines the script for {@code sh}, or the wire steps
 */
record OracleCase(String area, String name, Set<String> tags, List<String> lines) {
  OracleCase {
    tags = Set.copyOf(tags);
    lines = List.copyOf(lines);
  }

  /** The name that is unique over all files; differences are allowed by it. */
  String id() {
    return area + "/" + name;
  }

  boolean onTheWire() {
    return tags.contains("raw");
  }
}
