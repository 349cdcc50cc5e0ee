// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Replaces what two engines cannot have in common: ids, times, addresses, process ids, and the
 * paths of their roots. The same value becomes the same placeholder throughout a case, numbered in
 * order of appearance, so that a wrong id is still seen. Everything else stays: digests of the test
 * images, zero times, loopback addresses, formats.
 */
final class Normaliser {
  /** The status line and the fields of a head in a transcript of the wire. */
  private static final Pattern HEAD =
      Pattern.compile("(HTTP/1\\.[01] \\d{3}[^\n]*\\\\r\\\\n\n)((?:[A-Za-z-]+: [^\n]*\n)+)");

  private static final Pattern HEX =
      Pattern.compile("(?<![0-9a-zA-Z])[0-9a-f]{12,64}(?![0-9a-zA-Z])");

  private static final Pattern TIME =
      Pattern.compile(
          "20[2-9]\\d-\\d\\d-\\d\\d([T ])\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z| ?[+-]\\d\\d:?\\d\\d(?: UTC)?)?");

  private static final Pattern HTTP_DATE =
      Pattern.compile(
          "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT");

  /** Unix time of this decade, in seconds or nanoseconds, maybe with a fraction. */
  private static final Pattern UNIX_TIME =
      Pattern.compile("(?<![0-9A-Za-z.])1[789]\\d{8}(?:(\\d{9})|\\.(\\d{9}))?(?![0-9A-Za-z])");

  private static final Pattern AGE =
      Pattern.compile(
          "Less than a second|About a minute|About an hour|(?<![0-9])[0-9]+ (?:second|minute|hour)s?(?= ago)"
              + "|(?<=Up )[0-9]+ (?:second|minute)s?");

  private static final Pattern ADDRESS =
      Pattern.compile("(?<![0-9.])(?:\\d{1,3}\\.){3}\\d{1,3}(?![0-9.]*\\d)");

  private static final Pattern MAC = Pattern.compile("(?<![0-9a-f:])02:42(?::[0-9a-f]{2}){4}");

  private static final Pattern PID = Pattern.compile("(?<=\"Pid\": ?)[1-9]\\d*");

  private final Map<String, String> roots;
  private final Collection<String> known;
  private final Set<String> ids = new LinkedHashSet<>();
  private final Map<String, String> seen = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();

  /**
   * A normaliser for the answers to one case.
   *
   * @param roots paths to replace, with their placeholders
   * @param known digests that every engine computes alike
   */
  Normaliser(Map<String, String> roots, Collection<String> known) {
    this.roots = Map.copyOf(roots);
    this.known = List.copyOf(known);
  }

  String apply(String text) {
    String result = HEAD.matcher(text).replaceAll(Normaliser::sorted);
    for (Map.Entry<String, String> root : roots.entrySet()) {
      result = result.replace(root.getKey(), root.getValue());
    }
    result = HTTP_DATE.matcher(result).replaceAll("<http-date>");
    result = TIME.matcher(result).replaceAll(Normaliser::time);
    result = UNIX_TIME.matcher(result).replaceAll(Normaliser::unixTime);
    result = AGE.matcher(result).replaceAll("<age>");
    result = MAC.matcher(result).replaceAll(match -> placeholder("mac", match.group()));
    result = ADDRESS.matcher(result).replaceAll(this::address);
    result = PID.matcher(result).replaceAll(match -> placeholder("pid", match.group()));
    return HEX.matcher(result).replaceAll(this::id);
  }

  /** The order of header fields means nothing (RFC 9110, section 5.3). */
  private static String sorted(MatchResult head) {
    String fields = head.group(2).lines().sorted().collect(Collectors.joining("\n"));
    return Matcher.quoteReplacement(head.group(1) + fields + "\n");
  }

  /** Fixed dates of the test images stay; the shape of a time stays, its value goes. */
  private static String time(MatchResult match) {
    if (match.group().startsWith("2024-01-01")) {
      return Matcher.quoteReplacement(match.group());
    }
    String fraction = match.group(2) == null ? "" : ".f";
    String zone = match.group(3) == null ? "" : match.group(3);
    return "<time" + match.group(1) + fraction + zone + ">";
  }

  private static String unixTime(MatchResult match) {
    if (match.group().equals("1704067200")) {
      return match.group();
    }
    return match.group(1) != null ? "<unix-nano>" : match.group(2) != null ? "<unix.n>" : "<unix>";
  }

  private String address(MatchResult match) {
    String address = match.group();
    if (address.startsWith("127.") || address.equals("0.0.0.0") || address.startsWith("255.")) {
      return address;
    }
    return address.startsWith("172.") ? placeholder("address", address) : address;
  }

  private String id(MatchResult match) {
    String id = match.group();
    if (id.chars().allMatch(Character::isDigit) && id.length() < 64 || id.matches("0+")) {
      return id;
    }
    if (known.stream().anyMatch(digest -> digest.startsWith(id))) {
      return id;
    }
    if (id.length() != 64 && id.length() != 12) {
      return id;
    }
    if (id.length() == 64) {
      ids.add(id);
      return placeholder("id", id);
    }
    // The short form of an id counts as that id, and says that it is short.
    String whole = ids.stream().filter(each -> each.startsWith(id)).findFirst().orElse(id);
    return placeholder("id", whole) + "/12";
  }

  private String placeholder(String kind, String value) {
    return seen.computeIfAbsent(
        kind + value, k -> "<" + kind + counts.merge(kind, 1, Integer::sum) + ">");
  }
}
