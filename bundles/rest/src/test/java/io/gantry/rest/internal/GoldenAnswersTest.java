// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Answers that dockerd 20.10 gave, recorded by {@code capture-answers}: ours are the same to the
 * byte, but for the version and the name of the server.
 */
class GoldenAnswersTest {
  private RunningDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new RunningDoor();
  }

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private static List<String> recorded() throws Exception {
    try (InputStream in = GoldenAnswersTest.class.getResourceAsStream("/golden/answers.txt")) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<String> answers = new ArrayList<>(List.of(all.split("(?m)^>>> ", -1)));
      assertEquals("", answers.remove(0));
      return answers;
    }
  }

  @TestFactory
  List<DynamicTest> answersAreThoseOfDockerd() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (String record : recorded()) {
      int end = record.indexOf('\n');
      String request = record.substring(0, end);
      String answer = record.substring(end + 1, record.length() - 1);
      tests.add(DynamicTest.dynamicTest(request, () -> assertEquals(answer, ask(request))));
    }
    assertTrue(tests.size() > 100, "only " + tests.size());
    return tests;
  }

  private String ask(String request) throws Exception {
    String[] words = request.split(" ", 3);
    String body = words.length > 2 ? words[2] : null;
    String headers = "";
    if (body != null && body.startsWith("@")) {
      int space = body.indexOf(' ');
      String type = body.substring(1, space);
      headers = type.equals("none") ? TestClient.NO_TYPE : "Content-Type: " + type + "\r\n";
      body = body.substring(space + 1);
    }
    try (TestClient client = door.client()) {
      String path = words[1].replace("{", "%7B").replace("}", "%7D").replace("\"", "%22");
      client.request(words[0], path, headers, body);
      String answer = words[1].contains("/attach") ? client.readToEnd() : client.response();
      return answer
          .replace("\r", "")
          .replace("Api-Version: 1.50", "Api-Version: 1.41")
          .replace("Server: Gantry/0.1.0 (linux)", "Server: Docker/20.10.24+dfsg1 (linux)");
    }
  }
}
