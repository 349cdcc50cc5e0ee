// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The docker CLI, as it is, in front of the engine in memory. */
class DockerCliTest {
  private RunningDoor door;

  @BeforeEach
  void open() throws Exception {
    boolean installed =
        List.of(System.getenv("PATH").split(":", -1)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "docker")));
    assumeTrue(installed, "skipped: there is no docker CLI in the PATH");
    door = new RunningDoor();
  }

  @AfterEach
  void close() throws Exception {
    if (door != null) {
      door.close();
    }
  }

  private record Result(int code, String out, String err) {}

  private Result docker(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    Path in = Files.writeString(door.directory.resolve("in"), input);
    Path out = door.directory.resolve("out");
    Path err = door.directory.resolve("err");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DOCKER_HOST", "unix://" + door.socket);
    builder.environment().remove("DOCKER_API_VERSION");
    Process process =
        builder
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "docker hangs: " + command);
      return new Result(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      process.destroyForcibly();
      Files.delete(in);
      Files.delete(out);
      Files.delete(err);
    }
  }

  @Test
  void versionInfoAndLists() throws Exception {
    assertTrue(
        docker("", "version").out().contains("API version:      1.50 (minimum version 1.24)"));
    assertTrue(docker("", "info").out().contains("Live Restore Enabled: true"));
    assertEquals(0, docker("", "ps", "-a").code());
    assertTrue(docker("", "images").out().contains("bench/busybox   latest    9ee9842f6c73"));
    assertTrue(docker("", "network", "ls").out().contains("bridge"));
  }

  @Test
  void runPrintsAndPassesTheExitCode() throws Exception {
    assertEquals(
        new Result(0, "hello world\n", ""),
        docker("", "run", "--rm", "busybox", "echo", "hello", "world"));
    assertEquals(
        new Result(0, "hi there\n", ""),
        docker("hi there\n", "run", "-i", "--rm", "busybox", "cat"));
  }

  @Test
  void theLifeOfAContainer() throws Exception {
    assertEquals(65, docker("", "run", "-d", "--name", "x", "busybox", "sleep").out().length());
    assertEquals(new Result(0, "in\n", ""), docker("", "exec", "x", "echo", "in"));
    assertTrue(docker("", "ps").out().contains("\"sleep\""));
    assertEquals("x\n", docker("", "stop", "x").out());
    assertEquals("143\n", docker("", "wait", "x").out());
    assertEquals("x\n", docker("", "rm", "x").out());
  }

  @Test
  void errorsAreTold() throws Exception {
    Result pull = docker("", "run", "nope");
    assertEquals(125, pull.code());
    assertTrue(pull.err().contains("pulling an image from a registry is not supported"));
    Result port = docker("", "run", "-p", "80:80", "busybox", "true");
    assertEquals(125, port.code());
    assertTrue(port.err().contains("HostConfig.PortBindings is not supported"), port.err());
    Result inspect = docker("", "inspect", "nope");
    assertEquals(1, inspect.code());
    assertEquals("[]\n", inspect.out());
    assertEquals("Error: No such object: nope\n", inspect.err());
  }
}
