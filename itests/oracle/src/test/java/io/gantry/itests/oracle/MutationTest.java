// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The comparison sees every change: answers that dockerd gave are changed in one place at a time,
 * and each change but those of ids, times, addresses and roots must make the case fail.
 */
class MutationTest {
  private static final Path RECORDED = Path.of("src/test/resources/recorded");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]+");

  /** The members of an inspect answer whose values no two engines share. */
  private static final Set<String> FREE =
      Set.of(
          "Id",
          "Created",
          "Pid",
          "StartedAt",
          "FinishedAt",
          "SandboxID",
          "EndpointID",
          "NetworkID",
          "Gateway",
          "IPAddress",
          "MacAddress");

  /** The digest of the test image in the recorded answers. */
  private static final String IMAGE =
      "5c758d750d991ff4de6c76b6f87397e673243dfe121d46e1ba9fb5f0cfc97053";

  private final AllowedDifferences none = new AllowedDifferences(List.of());

  @Test
  void aRecordedAnswerAgreesWithItself() throws IOException {
    for (String name : List.of("inspect.json", "wire.txt", "ps.txt")) {
      assertTrue(agree(read(name), read(name)), name);
    }
  }

  @Test
  void everyMemberOfAnInspectAnswerCounts() throws IOException {
    String recorded = read("inspect.json");
    JsonNode tree = JSON.readTree(recorded);
    String original = tree.toPrettyString();
    List<Runnable> undo = new ArrayList<>();
    Set<String> unseen = new TreeSet<>();
    int[] changes = {0};
    walk(
        "answer",
        tree,
        (key, change) -> {
          change.run();
          changes[0]++;
          if (agree(original, tree.toPrettyString())) {
            unseen.add(key);
          }
          undo.forEach(Runnable::run);
          undo.clear();
        },
        undo);

    assertTrue(changes[0] > 500, () -> changes[0] + " changes");
    unseen.removeAll(FREE);
    assertEquals(Set.of(), unseen, "changes that the comparison does not see");
  }

  @Test
  void everyWordOfTextAnswersCounts() throws IOException {
    for (String name : List.of("wire.txt", "ps.txt")) {
      String recorded = read(name);
      for (MatchResult word : WORD.matcher(recorded).results().toList()) {
        String changed =
            recorded.substring(0, word.start()) + "Zz" + recorded.substring(word.start() + 1);
        assertFalse(agree(recorded, changed), () -> name + ": " + word.group() + " may change");
      }
    }
  }

  @Test
  void whiteSpaceAndLineEndsCount() throws IOException {
    String recorded = read("wire.txt");
    for (int i = 0; i < recorded.length(); i++) {
      if (Character.isWhitespace(recorded.charAt(i))) {
        String changed = recorded.substring(0, i) + recorded.substring(i + 1);
        int at = i;
        assertFalse(agree(recorded, changed), () -> "white space at " + at + " may go");
      }
    }
  }

  @Test
  void anAllowedDifferenceCoversItsFieldInItsCasesOnly() {
    AllowedDifferences one =
        new AllowedDifferences(
            List.of(
                new AllowedDifferences.Entry(
                    Pattern.compile("a/.*"),
                    Pattern.compile("^Server: .*$", Pattern.MULTILINE),
                    "r")));

    assertTrue(one.agree("a/x", answer("Server: 1\nA: 1\n"), answer("Server: 2\nA: 1\n")));
    assertFalse(one.agree("a/x", answer("Server: 1\nA: 1\n"), answer("Server: 2\nA: 2\n")));
    assertFalse(one.agree("a/x", answer("Server: 1\n"), answer("")));
    assertFalse(one.agree("b/x", answer("Server: 1\n"), answer("Server: 2\n")));
    assertEquals(List.of(), one.unused());
  }

  private boolean agree(String left, String right) {
    return none.agree("any", answer(left), answer(right));
  }

  private static EngineUnderTest.Answer answer(String text) {
    return new EngineUnderTest.Answer(text, MutationTest::normalise);
  }

  private static String normalise(String text) {
    return new Normaliser(Map.of("/tmp/go/ora", "<root>"), List.of(IMAGE)).apply(text);
  }

  private static String read(String name) throws IOException {
    return Files.readString(RECORDED.resolve(name));
  }

  private interface Visitor {
    void visit(String key, Runnable change);
  }

  /** Offers each change: another value, another type, a member gone, a member more. */
  private static void walk(String key, JsonNode node, Visitor visitor, List<Runnable> undo) {
    if (node instanceof ObjectNode object) {
      visitor.visit(key, () -> add(object, undo));
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        JsonNode value = object.get(name);
        visitor.visit("removed " + name, () -> replace(object, name, null, undo));
        if (value.isValueNode() || value.isEmpty()) {
          visitor.visit(name, () -> replace(object, name, changed(value), undo));
          visitor.visit("type of " + name, () -> replace(object, name, otherType(value), undo));
        }
        walk(name, value, visitor, undo);
      }
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        int at = i;
        JsonNode value = array.get(i);
        if (value.isValueNode()) {
          visitor.visit(
              key + "[]",
              () -> {
                array.set(at, changed(value));
                undo.add(() -> array.set(at, value));
              });
        }
        walk(key, value, visitor, undo);
      }
    }
  }

  private static void add(ObjectNode object, List<Runnable> undo) {
    object.put("NoSuch", 1);
    undo.add(() -> object.remove("NoSuch"));
  }

  private static void replace(ObjectNode object, String name, JsonNode value, List<Runnable> undo) {
    JsonNode original = object.get(name);
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    if (value == null) {
      object.remove(name);
    } else {
      object.set(name, value);
    }
    undo.add(
        () -> {
          // The order of members is part of the answer: put all of them back in theirs.
          List<Map.Entry<String, JsonNode>> kept = new ArrayList<>();
          names.forEach(n -> kept.add(Map.entry(n, n.equals(name) ? original : object.get(n))));
          object.removeAll();
          kept.forEach(entry -> object.set(entry.getKey(), entry.getValue()));
        });
  }

  private static JsonNode changed(JsonNode value) {
    if (value.isTextual()) {
      String text = value.asText();
      int at = text.length() / 2;
      return text.isEmpty()
          ? TextNode.valueOf("x")
          : TextNode.valueOf(
              text.substring(0, at)
                  + (text.charAt(at) == '7' ? '8' : '7')
                  + text.substring(at + 1));
    }
    if (value.isNumber()) {
      return JSON.getNodeFactory().numberNode(value.asLong() + 1);
    }
    if (value.isBoolean()) {
      return JSON.getNodeFactory().booleanNode(!value.asBoolean());
    }
    return value.isNull() ? JSON.createArrayNode() : JSON.nullNode();
  }

  private static JsonNode otherType(JsonNode value) {
    return value.isNull() ? JSON.createObjectNode() : TextNode.valueOf("t" + value);
  }
}
