// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.runtime.ExecRequest;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.StdioSpec;
import io.gantry.api.runtime.TaskRecord;
import io.gantry.linux.Fd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which program is run, and what is said when it cannot be; the texts are runc's. */
class ProgramStartTest extends KernelTest {
  private static final String RUN =
      "failed to create shim task: OCI runtime create failed: runc create failed: unable to start"
          + " container process: ";
  private static final String EXEC =
      "OCI runtime exec failed: exec failed: unable to start container process: ";

  @BeforeEach
  void programs() throws IOException {
    executable("garbage", "not a program");
    executable("script", "#!/nope\n");
    Files.writeString(directory.resolve("rootfs/data"), "not executable");
    Files.createDirectories(directory.resolve("rootfs/first/sh"));
    Files.writeString(directory.resolve("rootfs/first/cat"), "not executable");
  }

  private void executable(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve("rootfs").resolve(name), content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "nope, 'exec: \"nope\": executable file not found in $PATH'",
        "'', 'exec: \"\": executable file not found in $PATH'",
        "/nope, 'exec: \"/nope\": stat /nope: no such file or directory'",
        "./nope, 'exec: \"./nope\": stat ./nope: no such file or directory'",
        "/data/x, 'exec: \"/data/x\": stat /data/x: not a directory'",
        "/bin, 'exec: \"/bin\": permission denied'",
        "/data, 'exec: \"/data\": permission denied'",
      })
  void whatCannotBeRunIsAFailedStart(String file, String text) {
    EngineException failure = failure(file);
    assertEquals(RUN + text + ": unknown", failure.getMessage());
    assertEquals(ErrorKind.INVALID, failure.kind());
  }

  private EngineException failure(String... command) {
    TaskRecord task = runtime.create(container.command(command).request(), record -> {});
    try {
      return assertThrows(EngineException.class, () -> runtime.start(task));
    } finally {
      runtime.delete(task);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/garbage, exec /garbage: exec format error",
    "/script, exec /script: no such file or directory"
  })
  void whatTheKernelRefusesIsALineOfTheContainer(String file, String line) throws Exception {
    assertEquals(
        new TestContainer.Outcome(1, "", line + "\n"), container.command(file).run(runtime));
  }

  @Test
  void thePathIsSearchedInOrderAndDirectoriesAreNoPrograms() throws Exception {
    container.env = List.of("PATH=/nowhere:/first:/bin");
    assertEquals(0, container.command("sh", "-c", "cat /data >/dev/null").run(runtime).code());
  }

  @Test
  void thePathOfTheContainerCounts() {
    container.env = List.of("PATH=/nowhere");
    assertEquals(
        RUN + "exec: \"true\": executable file not found in $PATH: unknown",
        failure("true").getMessage());
  }

  @Test
  void theWorkingDirectoryIsMadeAndEnteredAsRoot() throws Exception {
    container.cwd = "/a/b";
    assertEquals("/a/b\n", container.command("pwd").run(runtime).stdout());
    Files.setPosixFilePermissions(
        directory.resolve("rootfs/a/b"), PosixFilePermissions.fromString("rwx------"));
    container.uid = 1000;
    assertEquals("/a/b\n", container.command("pwd").run(runtime).stdout());
  }

  @Test
  void aWorkingDirectoryThatIsAFileIsToldAsDockerTellsIt() {
    container.cwd = "/data";
    assertEquals("Cannot mkdir: /data is not a directory", failure("pwd").getMessage());
  }

  @Test
  void theWorkingDirectoryCannotLeaveThroughADescriptor() {
    for (int fd = 3; fd < 40; fd++) {
      container.cwd = "/proc/self/fd/" + fd;
      EngineException refused =
          assertThrows(
              EngineException.class,
              () -> {
                TaskRecord task = runtime.create(container.command("ls").request(), record -> {});
                try {
                  runtime.start(task);
                } finally {
                  runtime.delete(task);
                }
              });
      assertEquals(false, refused.getMessage().isEmpty());
    }
  }

  @Test
  void anExecProcessIsToldTheSame() throws Exception {
    TaskRecord task = runtime.create(container.command("sleep", "1000").request(), record -> {});
    try {
      runtime.start(task);
      assertEquals(
          EXEC + "exec: \"nope\": executable file not found in $PATH: unknown",
          assertThrows(EngineException.class, () -> exec(task, "nope")).getMessage());
      assertEquals(
          EXEC + "exec: \"/data\": permission denied: unknown",
          assertThrows(EngineException.class, () -> exec(task, "/data")).getMessage());
      container.cwd = "/not/there";
      assertEquals(
          EXEC
              + "chdir to cwd (\"/not/there\") set in config.json failed: no such file or"
              + " directory: unknown",
          assertThrows(EngineException.class, () -> exec(task, "pwd")).getMessage());
      container.cwd = "/";
      ProcessRecord refused = exec(task, "/garbage");
      try (Fd stderr = TestContainer.take(refused, refused.descriptors().stderr())) {
        assertEquals(1, TestContainer.await(runtime, refused).code());
        assertEquals("exec /garbage: exec format error\n", TestContainer.drain(stderr));
      } finally {
        runtime.release(refused);
      }
    } finally {
      runtime.delete(task);
    }
    EngineException ended = assertThrows(EngineException.class, () -> exec(task, "true"));
    assertEquals(ErrorKind.CONFLICT, ended.kind());
  }

  private ProcessRecord exec(TaskRecord task, String... command) {
    return runtime.exec(
        task,
        new ExecRequest(
            "x",
            directory.resolve("exec"),
            container.process(List.of(command)),
            new StdioSpec(false, false, 0),
            false),
        record -> {});
  }
}
