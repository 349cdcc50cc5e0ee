// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.state.internal.SqliteStateStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * An engine in a process of its own, which a test kills. Arguments: the directory, and how many
 * tasks to start.
 */
final class KilledEngine {
  /** Small, so that the kill often falls near a rotation. */
  static final Map<String, String> LOG_OPTIONS = Map.of("max-size", "40k", "max-file", "10000");

  private KilledEngine() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    SupervisorHarness harness = open(directory);
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      harness
          .task(
              "t" + i,
              "sh",
              "-c",
              "i=0; while :; do i=$((i+1)); echo counter $i; [ $((i%4)) = 0 ] && usleep 10000; done")
          .start();
      harness
          .task("e" + i, "sh", "-c", "usleep " + (i + 1) * 700_000 + "; exit " + (i + 10))
          .start();
    }
    Files.writeString(directory.resolve("ready"), "");
    Thread.sleep(Long.MAX_VALUE);
  }

  static SupervisorHarness open(Path directory) throws Exception {
    Files.createDirectories(directory.resolve("data"));
    SupervisorHarness harness =
        new SupervisorHarness(
            directory, new SqliteStateStore(SupervisorHarness.settings(directory)));
    harness.logOptions = LOG_OPTIONS;
    return harness;
  }
}
