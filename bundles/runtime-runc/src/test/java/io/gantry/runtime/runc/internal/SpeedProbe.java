// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.CreateRequest;
import io.gantry.api.runtime.ExecRequest;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.StdioSpec;
import io.gantry.api.runtime.TaskRecord;
import io.gantry.linux.Fd;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Prints what create, start and the end of {@code /bin/true} take. Not a test: figures of a busy
 * machine prove nothing. Run as root: {@code java -cp ... SpeedProbe [RUNS]}.
 */
final class SpeedProbe {
  private final RuncRuntime runtime = new RuncRuntime();
  private final TestContainer container;
  private final Path directory;

  private SpeedProbe(Path directory) throws IOException {
    this.directory = directory;
    this.container = new TestContainer(directory);
    container.seccomp =
        new RuntimeSpec.Seccomp(
            "SCMP_ACT_ERRNO", 1, List.of("SCMP_ARCH_X86_64"), DefaultProfile.rules());
  }

  public static void main(String[] arguments) throws Exception {
    int runs = arguments.length == 0 ? 300 : Integer.parseInt(arguments[0]);
    Path directory = Files.createTempDirectory("gantry-speed-probe");
    SpeedProbe probe = new SpeedProbe(directory);
    double[][] phases = new double[5][runs];
    for (int i = -200; i < runs; i++) {
      double[] took = probe.once(directory.resolve("scratch" + i));
      for (int phase = 0; phase < took.length && i >= 0; phase++) {
        phases[phase][i] = took[phase];
      }
    }
    List<String> names = List.of("mount", "create", "start", "exit", "delete");
    double sum = 0;
    for (int phase = 0; phase < names.size(); phase++) {
      Arrays.sort(phases[phase]);
      double median = phases[phase][runs / 2];
      sum += phase == 4 ? 0 : median;
      System.out.printf(
          "%-8s p10 %6.2f  p50 %6.2f ms%n", names.get(phase), phases[phase][runs / 10], median);
    }

    System.out.printf("mount to exit %.2f ms%n", sum);
    probe.execs(runs);
    try (var tree = Files.walk(directory)) {
      for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private void execs(int runs) {
    TaskRecord task = runtime.create(container.command("sleep", "1000").request(), record -> {});
    runtime.start(task);
    double[] took = new double[runs];
    for (int i = -100; i < runs; i++) {
      long begin = System.nanoTime();
      ProcessRecord exec =
          runtime.exec(
              task,
              new ExecRequest(
                  "x",
                  directory.resolve("exec"),
                  container.process(List.of("/bin/true")),
                  new StdioSpec(false, false, 0),
                  false),
              record -> {});
      if (i >= 0) {
        took[i] = (System.nanoTime() - begin) / 1e6;
      }
      try (Fd exited = TestContainer.take(exec, exec.descriptors().exited());
          NativeMemory eight = NativeMemory.allocate(8)) {
        Syscalls.call("read", Syscall.READ, exited.number(), eight.address(), 8, 0, 0, 0);
      }
      runtime.release(exec);
    }
    runtime.delete(task);
    Arrays.sort(took);
    System.out.printf("exec     p10 %6.2f  p50 %6.2f ms%n", took[runs / 10], took[runs / 2]);
  }

  private double[] once(Path scratch) throws IOException {
    long[] at = new long[6];
    at[0] = System.nanoTime();
    RuntimeSpec spec = container.spec();
    TaskRecord task;
    try (Fd root = OverlayRoot.mount(directory.resolve("rootfs"), scratch)) {
      at[1] = System.nanoTime();
      task =
          runtime.create(
              new CreateRequest(
                  container.id,
                  directory.resolve("bundle"),
                  new RuntimeSpec(
                      spec.process(),
                      new RuntimeSpec.Root("/proc/self/fd/" + root.number(), false),
                      spec.hostname(),
                      spec.domainname(),
                      spec.mounts(),
                      spec.linux()),
                  new StdioSpec(false, false, 0)),
              record -> {});
    }
    at[2] = System.nanoTime();
    try (Fd exited = TestContainer.take(task.init(), task.init().descriptors().exited())) {
      runtime.start(task);
      at[3] = System.nanoTime();
      try (NativeMemory eight = NativeMemory.allocate(8)) {
        Syscalls.call("read", Syscall.READ, exited.number(), eight.address(), 8, 0, 0, 0);
      }
    }
    at[4] = System.nanoTime();
    if (runtime.exitStatus(task.init()).orElseThrow().code() != 0) {
      throw new IllegalStateException("/bin/true failed");
    }
    runtime.delete(task);
    at[5] = System.nanoTime();
    double[] took = new double[5];
    for (int i = 0; i < took.length; i++) {
      took[i] = (at[i + 1] - at[i]) / 1e6;
    }
    return took;
  }
}
