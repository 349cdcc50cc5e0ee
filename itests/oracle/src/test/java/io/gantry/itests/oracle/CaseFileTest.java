// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CaseFileTest {
  @Test
  void readsHeadingsTagsAndScripts() {
    List<OracleCase> cases =
        CaseFile.parse(
            "area",
            List.of(
                "# about", "", "=== first: one", "a", "", "b", "=== [raw error] second", "> x"));

    assertEquals(
        List.of(
            new OracleCase("area", "first: one", Set.of(), List.of("a", "b")),
            new OracleCase("area", "second", Set.of("raw", "error"), List.of("> x"))),
        cases);
  }

  @Test
  void refusesUnknownTagsEmptyCasesAndStrayText() {
    for (List<String> text :
        List.of(List.of("=== [nosuch] a", "x"), List.of("=== a"), List.of("x", "=== a", "x"))) {
      assertThrows(IllegalArgumentException.class, () -> CaseFile.parse("area", text));
    }
  }

  @Test
  void thereAreEnoughCasesOfEachKind() throws IOException {
    List<OracleCase> cases = CaseFile.readAll(Path.of("src/test/resources/cases"));

    assertTrue(cases.size() >= 150, () -> cases.size() + " cases");
    assertTrue(count(cases, "error") >= 40, () -> count(cases, "error") + " errors");
    assertTrue(count(cases, "stream") >= 25, () -> count(cases, "stream") + " streams");
    assertTrue(count(cases, "raw") >= 20, () -> count(cases, "raw") + " raw");
  }

  private static long count(List<OracleCase> cases, String tag) {
    return cases.stream().filter(each -> each.tags().contains(tag)).count();
  }
}
