// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.TaskRecord;
import io.gantry.linux.Fd;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a container whose engine, or whose shim, is killed. */
class SurvivalTest extends KernelTest {
  @ParameterizedTest
  @ValueSource(strings = {"created", "started"})
  void aContainerOutlivesItsEngine(String stage) throws Exception {
    TaskRecord task = OtherEngine.killedAt(stage, directory, container.id);
    try {
      assertTrue(Processes.alive(task.init().shim()), "the shim lives");
      assertTrue(Processes.alive(task.init().process()), "the container lives");
      if (stage.equals("created")) {
        runtime.start(task);
      }
      try (Fd stdin = TestContainer.take(task.init(), task.init().descriptors().stdin());
          Fd stdout = TestContainer.take(task.init(), task.init().descriptors().stdout())) {
        ByteBuffer line =
            ByteBuffer.allocateDirect(16).put("hello\n".getBytes(StandardCharsets.US_ASCII));
        Syscalls.writeRaw(stdin.number(), line.flip());
        assertEquals(42, TestContainer.await(runtime, task.init()).code());
        assertEquals("got hello\n", TestContainer.drain(stdout));
      }
    } finally {
      runtime.delete(task);
    }
  }

  @Test
  void anEngineThatDiesBeforeItsRecordIsStoredLeavesNoProcess() throws Exception {
    TaskRecord task = OtherEngine.killedAt("spawned", directory, container.id);
    for (var process : List.of(task.init().process(), task.init().shim())) {
      Instant deadline = Instant.now().plus(Duration.ofSeconds(10));
      while (Processes.alive(process) && Instant.now().isBefore(deadline)) {
        Thread.sleep(5);
      }
      assertFalse(Processes.alive(process), process + " has ended");
    }
    // the same container can be made again over what is left
    assertEquals(0, container.command("true").run(runtime).code());
  }

  @Test
  void anyInstanceTellsTheExit() throws Exception {
    TaskRecord task =
        runtime.create(container.command("sh", "-c", "kill -9 $$; exit 9").request(), r -> {});
    try {
      runtime.start(task);
      ExitStatus status = TestContainer.await(new RuncRuntime(), task.init());
      assertEquals(9, status.code());
      assertEquals(0, status.signal());
      assertTrue(status.known());
      assertTrue(Duration.between(status.exitedAt(), Instant.now()).abs().toSeconds() < 10);
    } finally {
      runtime.delete(task);
    }
  }

  @Test
  void aSignalIsToldFromAnExitCode() throws Exception {
    TaskRecord task = runtime.create(container.command("sleep", "1000").request(), r -> {});
    try {
      runtime.start(task);
      assertTrue(runtime.exitStatus(task.init()).isEmpty());
      runtime.kill(task.init(), 9);
      ExitStatus status = TestContainer.await(runtime, task.init());
      assertEquals(137, status.code());
      assertEquals(9, status.signal());
      runtime.kill(task.init(), 15); // has ended: not an error
    } finally {
      runtime.delete(task);
      runtime.delete(task);
    }
  }

  @Test
  void aKilledShimCostsTheExitCodeAndNothingElse() throws Exception {
    TaskRecord task = runtime.create(container.command("sleep", "1000").request(), r -> {});
    try {
      runtime.start(task);
      Syscalls.raw(Syscall.KILL, task.init().shim().pid(), 9, 0, 0, 0, 0);
      Thread.sleep(50);
      assertTrue(Processes.alive(task.init().process()), "the container goes on");
      assertTrue(runtime.exitStatus(task.init()).isEmpty());
      runtime.killAll(task);
      ExitStatus status = TestContainer.await(runtime, task.init());
      assertEquals(255, status.code());
      assertFalse(status.known());
    } finally {
      runtime.delete(task);
    }
    assertFalse(Files.exists(Path.of("/proc/" + task.init().process().pid() + "/root/bin")));
  }
}
