// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
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
import java.util.List;
import org.junit.jupiter.api.Test;

class RuncRuntimeTest extends KernelTest {
  @Test
  void runsAndTellsTheExitCode() throws Exception {
    assertEquals(0, container.command("/bin/true").run(runtime).code());
  }

  @Test
  void keepsTheStreamsApart() throws Exception {
    TestContainer.Outcome outcome =
        container.command("sh", "-c", "echo out; echo err >&2; exit 7").run(runtime);
    assertEquals(new TestContainer.Outcome(7, "out\n", "err\n"), outcome);
  }

  @Test
  void killingItsOwnGroupDoesNotReachTheShim() throws Exception {
    TestContainer.Outcome outcome =
        container.command("sh", "-c", "trap \"exit 5\" TERM; kill 0; sleep 1; exit 6").run(runtime);
    assertEquals(5, outcome.code());
  }

  @Test
  void hasItsOwnView() throws Exception {
    TestContainer.Outcome outcome =
        container
            .command(
                "sh",
                "-c",
                "hostname; echo $$; ls /proc/self/fd; ls -l /dev/null; cat /sys/kernel/notes >/dev/null && echo sys")
            .run(runtime);
    assertTrue(outcome.stdout().startsWith("box\n1\n0\n1\n2\n3\n"), outcome.toString());
    assertTrue(outcome.stdout().contains("1,   3"), outcome.toString());
  }

  @Test
  void masksAndProtectsPaths() throws Exception {
    TestContainer.Outcome outcome =
        container
            .command(
                "sh",
                "-c",
                "cat /proc/keys; echo x >/proc/sys/kernel/hostname; ls /proc/acpi /sys/firmware 2>/dev/null; echo $?")
            .run(runtime);
    assertTrue(outcome.stderr().contains("Read-only file system"), outcome.toString());
    assertFalse(outcome.stdout().contains("keyring"), outcome.toString());
  }

  @Test
  void givesDockersCapabilities() throws Exception {
    TestContainer.Outcome outcome =
        container.command("grep", "Cap", "/proc/self/status").run(runtime);
    assertEquals(
        "CapInh:\t0000000000000000\nCapPrm:\t00000000a80425fb\nCapEff:\t00000000a80425fb\nCapBnd:\t00000000a80425fb\nCapAmb:\t0000000000000000\n",
        outcome.stdout());
  }

  @Test
  void anotherUserCanWriteToTheirStreams() throws Exception {
    container.uid = 1000;
    TestContainer.Outcome outcome =
        container.command("sh", "-c", "id -u; echo direct >/dev/stderr").run(runtime);
    assertEquals(new TestContainer.Outcome(0, "1000\n", "direct\n"), outcome);
  }

  @Test
  void aTerminalIsOne() throws Exception {
    container.terminal = true;
    TestContainer.Outcome outcome =
        container
            .command("sh", "-c", "tty; stty size; ls -l /dev/console | head -c 1")
            .run(runtime);
    assertEquals("/dev/pts/0\r\n24 80\r\nc", outcome.stdout());
  }

  @Test
  void aMissingProgramIsToldAsRuncTellsIt() {
    TaskRecord task = runtime.create(container.command("nope").request(), record -> {});
    EngineException failure = assertThrows(EngineException.class, () -> runtime.start(task));
    runtime.delete(task);
    assertTrue(
        failure
            .getMessage()
            .endsWith("exec: \"nope\": executable file not found in $PATH: unknown"),
        failure.getMessage());
  }

  @Test
  void aMissingPathAndADirectoryAreToldApart() {
    for (List<String> expected :
        List.of(
            List.of("/nope", "exec: \"/nope\": stat /nope: no such file or directory: unknown"),
            List.of("/etc", "exec: \"/etc\": permission denied: unknown"))) {
      TaskRecord task = runtime.create(container.command(expected.get(0)).request(), record -> {});
      EngineException failure = assertThrows(EngineException.class, () -> runtime.start(task));
      runtime.delete(task);
      assertTrue(failure.getMessage().endsWith(expected.get(1)), failure.getMessage());
    }
  }

  @Test
  void limitsTakeEffect() throws Exception {
    container.resources =
        new RuntimeSpec.Resources(
            List.of(
                new RuntimeSpec.DeviceRule(false, "a", null, null, "rwm"),
                new RuntimeSpec.DeviceRule(true, "c", null, null, "m"),
                new RuntimeSpec.DeviceRule(true, "c", 1L, 3L, "rwm")),
            new RuntimeSpec.Memory(64L << 20, null, null),
            new RuntimeSpec.Cpu(512L, 50_000L, 100_000L, null, null),
            17L);
    TaskRecord task =
        runtime.create(
            container
                .command(
                    "sh",
                    "-c",
                    "echo fine >/dev/null && mknod /tmp/tun c 10 200 && cat /tmp/tun; exit 0")
                .request(),
            record -> {});
    try (Fd stderr = TestContainer.take(task.init(), task.init().descriptors().stderr())) {
      CgroupHost host = CgroupHost.read();
      if (host.v2()) {
        assertEquals("67108864", control(host.unified(), "memory.max"));
        assertEquals("20", control(host.unified(), "cpu.weight"));
        assertEquals("50000 100000", control(host.unified(), "cpu.max"));
        assertEquals("17", control(host.unified(), "pids.max"));
      } else {
        assertEquals("67108864", control(host.controller("memory"), "memory.limit_in_bytes"));
        assertEquals("512", control(host.controller("cpu"), "cpu.shares"));
        assertEquals("50000", control(host.controller("cpu"), "cpu.cfs_quota_us"));
        assertEquals("17", control(host.controller("pids"), "pids.max"));
      }
      runtime.start(task);
      java.nio.ByteBuffer line = java.nio.ByteBuffer.allocateDirect(200);
      Syscalls.read(stderr.number(), line);
      assertEquals(
          "cat: can't open '/tmp/tun': Operation not permitted\n",
          java.nio.charset.StandardCharsets.UTF_8.decode(line.flip()).toString());
    } finally {
      runtime.delete(task);
    }
  }

  private String control(Path hierarchy, String file) throws IOException {
    return Files.readString(hierarchy.resolve("gantry-test").resolve(container.id).resolve(file))
        .trim();
  }

  @Test
  void aContainerThatWantsTooMuchMemoryIsKilledAlone() throws Exception {
    container.resources =
        new RuntimeSpec.Resources(
            List.of(), new RuntimeSpec.Memory(16L << 20, null, 16L << 20), null, null);
    TestContainer.Outcome outcome =
        container.command("dd", "if=/dev/zero", "of=/dev/null", "bs=64M", "count=1").run(runtime);
    assertEquals(137, outcome.code(), outcome.toString());
  }

  @Test
  void aContainerThatWantsTooManyProcessesGetsNoMore() throws Exception {
    container.resources = new RuntimeSpec.Resources(List.of(), null, null, 3L);
    TestContainer.Outcome outcome =
        container
            .command("sh", "-c", "sleep 0.1 & sleep 0.1 & sleep 0.1 & sleep 0.1 & wait")
            .run(runtime);
    assertTrue(outcome.stderr().contains("can't fork"), outcome.toString());
  }

  /** As systemd makes them: every mount of a stock host is shared. */
  @Test
  void aRootOnASharedMountIsTaken() throws Exception {
    String root = directory.resolve("rootfs").toString();
    try (NativeMemory path = NativeMemory.string(root)) {
      Syscalls.call("bind", Syscall.MOUNT, path.address(), path.address(), 0, 4096, 0, 0);
      try {
        Syscalls.call("share", Syscall.MOUNT, 0, path.address(), 0, 1 << 20, 0, 0);
        assertEquals(0, container.run(runtime).code());
      } finally {
        Syscalls.call("umount", Syscall.UMOUNT2, path.address(), 0, 0, 0, 0, 0);
      }
    }
  }

  @Test
  void aBrokenMountLeavesNothing() {
    container.moreMounts = List.of(new RuntimeSpec.Mount("/x", "nosuchfs", "none", List.of()));
    EngineException failure =
        assertThrows(
            EngineException.class, () -> runtime.create(container.request(), record -> {}));
    assertTrue(
        failure.getMessage().contains("mount nosuchfs on /x: no such device"),
        failure.getMessage());
  }

  @Test
  void aFailingCommitLeavesNothing() {
    assertThrows(
        IllegalStateException.class,
        () ->
            runtime.create(
                container.request(),
                record -> {
                  throw new IllegalStateException("the store is full");
                }));
  }

  @Test
  void aSymlinkForProcIsRefused() throws Exception {
    Files.createSymbolicLink(directory.resolve("rootfs/proc"), Path.of("tmp"));
    EngineException failure =
        assertThrows(
            EngineException.class, () -> runtime.create(container.request(), record -> {}));
    assertTrue(failure.getMessage().contains("mount on /proc"), failure.getMessage());
  }

  @Test
  void bindsFilesAndDirectories() throws Exception {
    Path source = Files.writeString(directory.resolve("file"), "from the host\n");
    container.moreMounts =
        List.of(
            new RuntimeSpec.Mount(
                "/a/b/file", "bind", source.toString(), List.of("rbind", "rprivate", "ro")),
            new RuntimeSpec.Mount(
                "/d", "bind", directory.toString(), List.of("rbind", "rprivate")));
    container.readonly = true;
    TestContainer.Outcome outcome =
        container
            .command(
                "sh",
                "-c",
                "cat /a/b/file /d/file; echo x >/a/b/file; touch /new; echo y >>/d/file")
            .run(runtime);
    assertEquals("from the host\nfrom the host\n", outcome.stdout());
    assertEquals(
        2, outcome.stderr().split("Read-only file system", -1).length - 1, outcome.stderr());
    assertEquals("from the host\ny\n", Files.readString(source));
  }

  @Test
  void stdinEndsWhenTheShimIsTold() throws Exception {
    container.stdin = true;
    TaskRecord task = runtime.create(container.command("cat").request(), record -> {});
    ProcessRecord init = task.init();
    try (Fd stdin = TestContainer.take(init, init.descriptors().stdin());
        Fd stdout = TestContainer.take(init, init.descriptors().stdout());
        Fd close = TestContainer.take(init, init.descriptors().closeStdin())) {
      runtime.start(task);
      Syscalls.writeLong(stdin.number(), 0x0a6f6c6c6568L);
      stdin.close();
      Syscalls.writeLong(close.number(), 1);
      assertEquals(0, TestContainer.await(runtime, init).code());
      assertTrue(TestContainer.drain(stdout).startsWith("hello\n"));
    } finally {
      runtime.delete(task);
    }
  }

  @Test
  void execJoinsTheContainer() throws Exception {
    TaskRecord task = runtime.create(container.command("sleep", "1000").request(), record -> {});
    try {
      runtime.start(task);
      for (boolean terminal : List.of(false, true)) {
        ProcessRecord exec =
            runtime.exec(
                task,
                new ExecRequest(
                    "x" + terminal,
                    directory.resolve("exec"),
                    container.process(
                        List.of(
                            "sh", "-c", "hostname; cat /proc/1/cmdline; ls /proc/self/fd; exit 3")),
                    new StdioSpec(terminal, false, 0),
                    false),
                record -> {});
        try (Fd stdout = TestContainer.take(exec, exec.descriptors().stdout())) {
          assertEquals(3, TestContainer.await(runtime, exec).code());
          assertEquals(
              "box|sleep|1000|0|1|2|3|",
              TestContainer.drain(stdout).replaceAll("[\\x00\\s]+", "|"));
        } finally {
          runtime.release(exec);
        }
      }
      EngineException failure =
          assertThrows(
              EngineException.class,
              () ->
                  runtime.exec(
                      task,
                      new ExecRequest(
                          "y",
                          directory.resolve("exec"),
                          container.process(List.of("nope")),
                          new StdioSpec(false, false, 0),
                          false),
                      record -> {}));
      assertTrue(
          failure.getMessage().contains("executable file not found in $PATH"),
          failure.getMessage());
      assertEquals(1, runtime.processes(task).size());
      runtime.kill(task.init(), 9);
      assertEquals(137, TestContainer.await(runtime, task.init()).code());
    } finally {
      runtime.delete(task);
    }
  }
}
