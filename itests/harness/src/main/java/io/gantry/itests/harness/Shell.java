// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs host commands to their end. Output goes through files, so that a full pipe never blocks one.
 */
public final class Shell {
  private Shell() {}

  /** What a command wrote and how it ended; {@code exitCode} is -1 where it had to be killed. */
  public record Outcome(String stdout, String stderr, int exitCode) {
    /** The output, after making sure that the command succeeded. */
    public String orFail(String what) {
      if (exitCode != 0) {
        throw new AssertionError(what + ": exit code " + exitCode + ": " + stderr + stdout);
      }
      return stdout;
    }
  }

  /** Runs a command that must succeed and gives its output. */
  public static String run(String... command) {
    return run(List.of(command), Map.of(), Path.of("/"), Duration.ofSeconds(120))
        .orFail(String.join(" ", command));
  }

  /** Runs a command; it and what it started are killed after {@code limit}. */
  public static Outcome run(
      List<String> command, Map<String, String> environment, Path directory, Duration limit) {
    Path out = null;
    Path err = null;
    try {
      out = Files.createTempFile("gantry-test", ".out");
      err = Files.createTempFile("gantry-test", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
      return new Outcome(read(out), read(err), ended ? process.exitValue() : -1);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, e);
    } finally {
      delete(out);
      delete(err);
    }
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
