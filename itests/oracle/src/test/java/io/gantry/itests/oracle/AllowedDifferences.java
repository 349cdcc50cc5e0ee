// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The differences that may stay. An entry is four lines:
 *
 * <pre>
 * cases: wire/ping*
 * field: ^Api-Version: .*$
 * reason: why it differs
 * </pre>
 *
 * {@code cases} is a glob over case ids; {@code field} is a pattern over the answer as it came,
 * which names one field: what it matches is left out of the comparison, in these cases only. An
 * entry whose field differs nowhere any more has to go.
 */
final class AllowedDifferences {
  static final int LIMIT = 15;

  /** One entry. */
  record Entry(Pattern cases, Pattern field, String reason) {}

  private final List<Entry> entries;
  private final Set<Entry> used = ConcurrentHashMap.newKeySet();

  AllowedDifferences(List<Entry> entries) {
    if (entries.size() > LIMIT) {
      throw new IllegalArgumentException(
          entries.size() + " differences, at most " + LIMIT + " may stay");
    }
    this.entries = List.copyOf(entries);
  }

  static AllowedDifferences read(Path file) throws IOException {
    List<String> lines =
        Files.readAllLines(file).stream().filter(l -> !l.isBlank() && !l.startsWith("#")).toList();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < lines.size(); i += 3) {
      if (i + 2 >= lines.size()) {
        throw new IllegalArgumentException("the last entry lacks lines");
      }
      entries.add(
          new Entry(
              glob(value("cases", lines.get(i))),
              Pattern.compile(value("field", lines.get(i + 1)), Pattern.MULTILINE),
              value("reason", lines.get(i + 2))));
    }
    return new AllowedDifferences(entries);
  }

  /** True if the answers agree, but for what may differ in this case. */
  boolean agree(String caseId, EngineUnderTest.Answer reference, EngineUnderTest.Answer subject) {
    String left = reference.raw();
    String right = subject.raw();
    for (Entry entry : entries) {
      if (entry.cases().matcher(caseId).matches()) {
        List<String> fields = matches(entry.field(), left);
        if (!fields.equals(matches(entry.field(), right))) {
          used.add(entry);
        }
        left = entry.field().matcher(left).replaceAll("<allowed>");
        right = entry.field().matcher(right).replaceAll("<allowed>");
      }
    }
    return reference.normaliser().apply(left).equals(subject.normaliser().apply(right));
  }

  /** Entries that made no difference in any case so far. */
  List<Entry> unused() {
    return entries.stream().filter(entry -> !used.contains(entry)).toList();
  }

  private static List<String> matches(Pattern field, String text) {
    return field.matcher(text).results().map(match -> match.group()).toList();
  }

  private static Pattern glob(String text) {
    return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q"));
  }

  private static String value(String key, String line) {
    if (!line.startsWith(key + ": ")) {
      throw new IllegalArgumentException("expected '" + key + ": ...', found '" + line + "'");
    }
    return line.substring(key.length() + 2);
  }
}
