// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.ProcessIdentity;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.ShimDescriptors;
import io.gantry.api.runtime.TaskRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A JVM of its own with the runtime in it, which is killed without warning. */
final class OtherEngine {
  private OtherEngine() {}

  /** Arguments: where the container lies, how far to go, the command. */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    String stage = arguments[1];
    TestContainer container = new TestContainer(directory, arguments[2]);
    container.stdin = true;
    container.command("sh", "-c", "read line; echo got $line; exit 42");
    RuncRuntime runtime = new RuncRuntime();
    TaskRecord task =
        runtime.create(
            container.request(),
            record -> {
              if (stage.equals("spawned")) {
                publish(directory, record);
                sleep();
              }
            });
    if (stage.equals("started")) {
      runtime.start(task);
    }
    publish(directory, task);
    sleep();
  }

  private static void publish(Path directory, TaskRecord task) {
    try {
      Path file = Files.write(directory.resolve("record.tmp"), write(task));
      Files.move(file, directory.resolve("record"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void sleep() {
    try {
      TimeUnit.MINUTES.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts one, waits until its container is at {@code stage}, and kills it. */
  static TaskRecord killedAt(String stage, Path directory, String id) throws Exception {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherEngine.class.getName(),
                directory.toString(),
                stage,
                id)
            .inheritIO()
            .start();
    try {
      Path record = directory.resolve("record");
      for (int i = 0; i < 1000 && !Files.exists(record) && jvm.isAlive(); i++) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
      return read(Files.readAllLines(record));
    } finally {
      jvm.destroyForcibly().waitFor();
    }
  }

  private static List<String> write(TaskRecord task) {
    ProcessRecord init = task.init();
    ShimDescriptors d = init.descriptors();
    List<String> lines =
        new ArrayList<>(
            List.of(
                task.id(),
                task.bundle().toString(),
                init.shim().pid() + " " + init.shim().startTime(),
                init.process().pid() + " " + init.process().startTime(),
                String.join(
                    " ",
                    List.of(
                        "" + d.stdin(),
                        "" + d.stdout(),
                        "" + d.stderr(),
                        "" + d.exited(),
                        "" + d.released(),
                        "" + d.closeStdin())),
                init.exitRecord().toString()));
    task.driverState().forEach((key, value) -> lines.add(key + "=" + value));
    return lines;
  }

  private static TaskRecord read(List<String> lines) {
    TreeMap<String, String> state = new TreeMap<>();
    for (String line : lines.subList(6, lines.size())) {
      state.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    }
    long[] d = numbers(lines.get(4));
    return new TaskRecord(
        lines.get(0),
        Path.of(lines.get(1)),
        new ProcessRecord(
            identity(lines.get(2)),
            identity(lines.get(3)),
            false,
            new ShimDescriptors(
                (int) d[0], (int) d[1], (int) d[2], (int) d[3], (int) d[4], (int) d[5]),
            Path.of(lines.get(5))),
        state);
  }

  private static ProcessIdentity identity(String line) {
    long[] numbers = numbers(line);
    return new ProcessIdentity((int) numbers[0], numbers[1]);
  }

  private static long[] numbers(String line) {
    return java.util.Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
  }
}
