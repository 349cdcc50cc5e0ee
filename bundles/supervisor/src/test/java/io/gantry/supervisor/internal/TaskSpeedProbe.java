// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.api.engine.LogsRequest;
import io.gantry.api.logging.LogQuery;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Prints how long whole tasks take; not a test. Arguments: how many runs. As root, with the test
 * class path.
 */
final class TaskSpeedProbe {
  private TaskSpeedProbe() {}

  public static void main(String[] arguments) throws Exception {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 200;
    Path directory = Files.createTempDirectory("gantry-probe");
    try (SupervisorHarness harness = new SupervisorHarness(directory)) {
      long[] starts = new long[runs];
      long[] ends = new long[runs];
      for (int i = 0; i < runs; i++) {
        String id = "t" + i;
        long begin = System.nanoTime();
        harness.task(id, "true").start();
        starts[i] = System.nanoTime() - begin;
        harness.ends.await(id);
        ends[i] = System.nanoTime() - begin;
      }
      print("start", starts);
      print("start and end", ends);
      throughput(harness, true);
      throughput(harness, false);
      attach(harness);
    } finally {
      new ProcessBuilder("rm", "-rf", directory.toString()).start().waitFor();
    }
  }

  private static void print(String what, long[] nanos) {
    long[] warm = Arrays.copyOfRange(nanos, nanos.length / 2, nanos.length);
    Arrays.sort(warm);
    System.out.printf(
        "%s: median %.2f ms, 90th %.2f ms%n",
        what, warm[warm.length / 2] / 1e6, warm[warm.length * 9 / 10] / 1e6);
  }

  private static void throughput(SupervisorHarness harness, boolean warmUp) throws Exception {
    String id = "log" + warmUp;
    long begin = System.nanoTime();
    harness
        .task(
            id,
            "sh",
            "-c",
            "yes 0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789 | head -n 200000")
        .start();
    harness.ends.await(id);
    long written = System.nanoTime();
    SupervisorHarness.Lines lines =
        harness.logs(id, new LogsRequest(new LogQuery(true, true, 0, 0, -1), false));
    lines.ended.get();
    long read = System.nanoTime();
    System.out.printf(
        "200000 lines: written in %.0f ms, read %d in %.0f ms%n",
        (written - begin) / 1e6, lines.entries.size(), (read - written) / 1e6);
  }

  private static void attach(SupervisorHarness harness) throws Exception {
    for (int i = 0; i < 3; i++) {
      long[] count = new long[1];
      SupervisorHarness.Client client =
          new SupervisorHarness.Client() {
            @Override
            public synchronized java.util.concurrent.CompletionStage<Void> write(
                io.gantry.api.stream.StreamType stream, java.nio.ByteBuffer chunk) {
              count[0] += chunk.remaining();
              return java.util.concurrent.CompletableFuture.completedFuture(null);
            }
          };
      SupervisorHarness.Builder task =
          harness.task(
              "attach" + i,
              "sh",
              "-c",
              "yes 0123456789012345678901234567890123456789012345678901234567890123456789 | head -c 200000000");
      harness.supervisor.attach("attach" + i, false, SupervisorHarness.OUTPUT, client);
      long begin = System.nanoTime();
      task.start();
      client.ended.get();
      long got = System.nanoTime();
      harness.ends.await("attach" + i);
      System.out.printf(
          "attach, logged: %d bytes at %.0f MB/s; all logged after %.0f ms%n",
          count[0], count[0] * 1e3 / (got - begin), (System.nanoTime() - begin) / 1e6);
    }
  }
}
