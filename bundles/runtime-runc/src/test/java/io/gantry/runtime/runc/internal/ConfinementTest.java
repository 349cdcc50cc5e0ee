// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.runtime.ExecRequest;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.StdioSpec;
import io.gantry.api.runtime.TaskRecord;
import io.gantry.linux.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process in a container may not do, and what it does not get to see. */
class ConfinementTest extends KernelTest {
  private static final String STATUS =
      "grep -E 'Cap(Prm|Bnd)|NoNewPrivs|Seccomp:|Uid' /proc/self/status";

  @ParameterizedTest
  @CsvSource({"0, false", "0, true", "1000, false", "1000, true"})
  void filterCapabilitiesAndIdsHoldTogether(long uid, boolean noNewPrivileges) throws Exception {
    container.uid = uid;
    container.noNewPrivileges = noNewPrivileges;
    container.seccomp = profile();
    TestContainer.Outcome outcome =
        container.command("sh", "-c", STATUS + "; mkdir /tmp/refused").run(runtime);
    assertEquals(
        "Uid: "
            + "%1$d %1$d %1$d %1$d".formatted(uid)
            + "|CapPrm: "
            + (uid == 0 ? "00000000a80425fb" : "0000000000000000")
            + "|CapBnd: 00000000a80425fb|NoNewPrivs: "
            + (noNewPrivileges ? 1 : 0)
            + "|Seccomp: 2|",
        outcome.stdout().replaceAll("[ \t]+", " ").replace('\n', '|'));
    assertEquals(
        "mkdir: can't create directory '/tmp/refused': Numerical result out of range\n",
        outcome.stderr());
  }

  /** Allows everything but mkdir, which fails with ERANGE: no file system answers that. */
  private static RuntimeSpec.Seccomp profile() {
    return new RuntimeSpec.Seccomp(
        "SCMP_ACT_ALLOW",
        null,
        List.of("SCMP_ARCH_X86_64"),
        List.of(
            new RuntimeSpec.SyscallRule(
                List.of("mkdir", "mkdirat"), "SCMP_ACT_ERRNO", 34, List.of())));
  }

  @Test
  void execProcessesGetTheFilterUnlessPrivileged() throws Exception {
    container.seccomp = profile();
    TaskRecord task = runtime.create(container.command("sleep", "1000").request(), record -> {});
    try {
      runtime.start(task);
      // another instance, which has nothing but the record
      RuncRuntime later = new RuncRuntime();
      for (boolean privileged : List.of(false, true)) {
        ProcessRecord exec =
            later.exec(
                task,
                new ExecRequest(
                    "x",
                    directory.resolve("exec"),
                    container.process(List.of("sh", "-c", "grep Seccomp: /proc/self/status")),
                    new StdioSpec(false, false, 0),
                    privileged),
                record -> {});
        try (Fd stdout = TestContainer.take(exec, exec.descriptors().stdout())) {
          assertEquals(0, TestContainer.await(later, exec).code());
          assertEquals(privileged ? "Seccomp:\t0\n" : "Seccomp:\t2\n", TestContainer.drain(stdout));
        } finally {
          later.release(exec);
        }
      }
    } finally {
      runtime.delete(task);
    }
  }

  @Test
  void limitsOfTheProcessTakeEffect() throws Exception {
    container.rlimits = List.of(new RuntimeSpec.Rlimit("RLIMIT_NOFILE", 100, 200));
    container.oomScoreAdj = 321;
    assertEquals(
        "100\n200\n321\n",
        container
            .command("sh", "-c", "ulimit -Sn; ulimit -Hn; cat /proc/self/oom_score_adj")
            .run(runtime)
            .stdout());
  }

  @Test
  void sysctlsAreTheContainersOwn() throws Exception {
    container.sysctl = java.util.Map.of("net.ipv4.ip_unprivileged_port_start", "77");
    Path host = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
    String before = Files.readString(host);
    assertEquals(
        "77\n",
        container
            .command("cat", "/proc/sys/net/ipv4/ip_unprivileged_port_start")
            .run(runtime)
            .stdout());
    assertEquals(before, Files.readString(host));
  }

  @Test
  void theShimIsSmallAndOutOfReach() throws Exception {
    TaskRecord task = runtime.create(container.command("sleep", "1000").request(), record -> {});
    try {
      runtime.start(task);
      int shim = task.init().shim().pid();
      long resident = kilobytes(shim, "Rss:");
      assertTrue(resident <= 64, "resident " + resident + " KiB");
      String ownCgroup = Files.readString(Path.of("/proc/self/cgroup"));
      assertEquals(ownCgroup, Files.readString(Path.of("/proc/" + shim + "/cgroup")));
      assertEquals(0L, Files.getAttribute(Path.of("/proc/" + shim + "/environ"), "size"));
      assertEquals(
          "/memfd:gantry-init (deleted)",
          Files.readSymbolicLink(Path.of("/proc/" + shim + "/exe")).toString());
      // SIGTERM to the shim changes nothing
      io.gantry.linux.Syscalls.raw(io.gantry.linux.Syscall.KILL, shim, 15, 0, 0, 0, 0);
      runtime.kill(task.init(), 9);
      assertEquals(137, TestContainer.await(runtime, task.init()).code());
    } finally {
      runtime.delete(task);
    }
  }

  private static long kilobytes(int pid, String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup")).stream()
        .filter(line -> line.startsWith(field))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .sum();
  }
}
