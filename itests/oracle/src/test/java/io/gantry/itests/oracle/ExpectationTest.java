// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.itests.harness.Shell;
import io.gantry.itests.harness.TestEngine;
import io.gantry.itests.harness.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Cases that the reference cannot answer (versions after 1.41, promises of our own): the expected
 * answer, normalised, lies beside the steps, after a line {@code ---}.
 */
@Tag("end-to-end")
class ExpectationTest {
  private static Path directory;
  private static EngineUnderTest subject;

  @BeforeAll
  static void start() throws IOException {
    directory = Files.createTempDirectory("gx");
    TestImages images = TestImages.writeTo(directory.resolve("images"));
    subject = new EngineUnderTest(TestEngine.Kind.GANTRY, "exp", directory, images);
  }

  @AfterAll
  static void stop() {
    try (EngineUnderTest last = subject) {
      // Closed in any case.
    } finally {
      Shell.run("rm", "-rf", directory.toString());
    }
  }

  @TestFactory
  Stream<DynamicTest> answersAsWritten() throws IOException {
    return CaseFile.readAll(Path.of("src/test/resources/expectations")).stream()
        .map(each -> DynamicTest.dynamicTest(each.id(), () -> check(each)));
  }

  private static void check(OracleCase each) throws IOException {
    int end = each.lines().indexOf("---");
    List<String> steps = each.lines().subList(0, end);
    List<String> expected = each.lines().subList(end + 1, each.lines().size());
    String answer =
        subject.answer(new OracleCase(each.area(), each.name(), each.tags(), steps)).normalised();
    // Case files have no empty lines, so they do not count here.
    assertEquals(
        String.join("\n", expected),
        String.join("\n", answer.lines().filter(line -> !line.isBlank()).toList()));
  }
}
