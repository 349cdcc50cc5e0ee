// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads {@code *.case} files.
 *
 * <pre>
 * # a comment, outside of cases
 * === run: the exit code of the command
 * docker run --rm busybox sh -c 'exit 7'
 *
 * === [error] run: an image that is not there
 * docker run --rm no/such:image
 * </pre>
 *
 * Below a heading lies a script for {@code sh}, or, if the case is tagged {@code raw}, steps on a
 * connection ({@link WireSteps}).
 */
final class CaseFile {
  private static final Pattern HEADING = Pattern.compile("=== (?:\\[([a-z ]+)] )?(.+)");
  private static final Set<String> TAGS = Set.of("error", "stream", "raw");

  private CaseFile() {}

  static List<OracleCase> readAll(Path directory) throws IOException {
    List<OracleCase> cases = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".case")).sorted().toList()) {
        String area = file.getFileName().toString().replace(".case", "");
        cases.addAll(parse(area, Files.readAllLines(file)));
      }
    }
    Set<String> ids = new HashSet<>();
    for (OracleCase each : cases) {
      if (!ids.add(each.id())) {
        throw new IllegalArgumentException("two cases are called " + each.id());
      }
    }
    return cases;
  }

  static List<OracleCase> parse(String area, List<String> text) {
    List<OracleCase> cases = new ArrayList<>();
    String name = null;
    Set<String> tags = Set.of();
    List<String> lines = new ArrayList<>();
    for (String line : text) {
      Matcher heading = HEADING.matcher(line);
      if (!heading.matches()) {
        lines.add(line);
        continue;
      }
      finish(area, name, tags, lines, cases);
      name = heading.group(2);
      tags = heading.group(1) == null ? Set.of() : Set.of(heading.group(1).split(" "));
      if (!TAGS.containsAll(tags)) {
        throw new IllegalArgumentException(area + "/" + name + ": known tags are " + TAGS);
      }
    }
    finish(area, name, tags, lines, cases);
    return cases;
  }

  private static void finish(
      String area, String name, Set<String> tags, List<String> lines, List<OracleCase> cases) {
    List<String> body = lines.stream().filter(l -> !l.isBlank() && !l.startsWith("# ")).toList();
    lines.clear();
    if (name != null) {
      if (body.isEmpty()) {
        throw new IllegalArgumentException(area + "/" + name + " has no steps");
      }
      cases.add(new OracleCase(area, name, tags, body));
    } else if (!body.isEmpty()) {
      throw new IllegalArgumentException(area + ": text before the first case: " + body.get(0));
    }
  }
}
