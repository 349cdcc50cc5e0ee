// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gantry.itests.harness.Shell;
import io.gantry.itests.harness.TestEngine;
import io.gantry.itests.harness.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every case on dockerd and on the subject and compares the answers.
 *
 * <p>{@code -Doracle.subject=dockerd} compares dockerd with itself, which finds cases that are not
 * repeatable. {@code -Doracle.cases=PREFIX} runs some cases only. The answers are kept below {@code
 * target/oracle}.
 */
@Tag("end-to-end")
class OracleTest {
  private static final int ATTEMPTS = 3;
  private static final Path RESOURCES = Path.of("src/test/resources");

  private static Path directory;
  private static EngineUnderTest reference;
  private static EngineUnderTest subject;
  private static AllowedDifferences differences;
  private static PendingCases pending;

  @BeforeAll
  static void startBoth() throws IOException {
    directory = Files.createTempDirectory("go");
    differences = AllowedDifferences.read(RESOURCES.resolve("differences.txt"));
    pending = PendingCases.read(RESOURCES.resolve("pending.txt"));
    TestImages images = TestImages.writeTo(directory.resolve("images"));
    reference = new EngineUnderTest(TestEngine.Kind.DOCKERD, "ora", directory, images);
    subject = new EngineUnderTest(subjectKind(), "sub", directory, images);
  }

  @AfterAll
  static void stopBoth() throws IOException {
    try (EngineUnderTest first = reference;
        EngineUnderTest second = subject) {
      // Both are closed, whatever the other says.
    } finally {
      // dockerd leaves the file of its own network namespace mounted.
      Shell.run("sh", "-c", "umount -q %1$s/*/exec/netns/*; rm -rf %1$s".formatted(directory));
    }
  }

  @TestFactory
  Stream<DynamicTest> answersAsDockerdDoes() throws IOException {
    String prefix = System.getProperty("oracle.cases", "");
    List<OracleCase> cases = CaseFile.readAll(RESOURCES.resolve("cases"));
    Stream<DynamicTest> tests =
        cases.stream()
            .filter(each -> each.id().startsWith(prefix))
            .map(each -> DynamicTest.dynamicTest(each.id(), () -> compare(each)));
    boolean all = prefix.isEmpty() && subjectKind() == TestEngine.Kind.GANTRY;
    return all ? Stream.concat(tests, Stream.of(everyDifferenceApplies())) : tests;
  }

  /** A case that differs is asked again of both: races within an engine are not its subject. */
  private static void compare(OracleCase each) throws Exception {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (agree(each)) {
        return;
      }
    }
    String known = pending.reason(each.id());
    if (known != null) {
      System.out.println("pending: " + each.id() + ": " + known);
    }
    assumeTrue(known == null, known);
    Path kept = folder(each);
    assertEquals(
        Files.readString(kept.resolve(file(each, "expected"))),
        Files.readString(kept.resolve(file(each, "actual"))),
        () -> each.id() + ":\n" + String.join("\n", each.lines()));
  }

  private static boolean agree(OracleCase each) throws Exception {
    CompletableFuture<EngineUnderTest.Answer> theirs =
        CompletableFuture.supplyAsync(() -> answer(reference, each));
    EngineUnderTest.Answer ours = answer(subject, each);
    EngineUnderTest.Answer expected = theirs.get();
    keep(each, "raw", expected.raw());
    keep(each, "expected", expected.normalised());
    keep(each, "actual", ours.normalised());
    return differences.agree(each.id(), expected, ours);
  }

  private static DynamicTest everyDifferenceApplies() {
    return DynamicTest.dynamicTest(
        "every allowed difference is still one",
        () ->
            assertTrue(
                differences.unused().isEmpty(),
                () -> "take out of differences.txt: " + differences.unused()));
  }

  private static EngineUnderTest.Answer answer(EngineUnderTest engine, OracleCase each) {
    try {
      return engine.answer(each);
    } catch (IOException e) {
      return new EngineUnderTest.Answer("no answer: " + e + "\n", text -> text);
    }
  }

  private static void keep(OracleCase each, String name, String text) throws IOException {
    Files.createDirectories(folder(each));
    Files.writeString(folder(each).resolve(file(each, name)), text);
  }

  private static Path folder(OracleCase each) {
    return Path.of(System.getProperty("oracle.report", "target/oracle")).resolve(each.area());
  }

  private static String file(OracleCase each, String name) {
    return each.name().replaceAll("[^a-zA-Z0-9]+", "-") + "." + name;
  }

  private static TestEngine.Kind subjectKind() {
    return System.getProperty("oracle.subject", "").equals("dockerd")
        ? TestEngine.Kind.DOCKERD
        : TestEngine.Kind.GANTRY;
  }
}
