// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A private engine for tests: dockerd or Gantry, with its own data, exec root, socket and network
 * namespace. Every suite starts engines through this class, so that they all run the same way.
 */
public final class TestEngine implements AutoCloseable {
  /** Which engine to run. */
  public enum Kind {
    /** The reference: Debian's dockerd with a containerd of its own. */
    DOCKERD,
    /** The unpacked distribution, through {@code bin/gantryd}. */
    GANTRY
  }

  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration STOPPED = Duration.ofSeconds(20);

  private final Kind kind;
  private final Path root;
  private final NetworkSandbox network;
  private final List<String> options;
  private Process process;

  /**
   * Prepares an engine; nothing runs yet.
   *
   * @param root a directory of its own; socket paths are limited to 107 bytes, so keep it short
   * @param options further options of the daemon's command line
   */
  public TestEngine(Kind kind, Path root, NetworkSandbox network, List<String> options) {
    this.kind = kind;
    this.root = root;
    this.network = network;
    this.options = List.copyOf(options);
  }

  /** Where the distribution lies unpacked; fails, saying how to build it, if it is not there. */
  public static Path distribution() {
    String given = System.getProperty("gantry.distribution", "");
    if (!given.isEmpty()) {
      return Path.of(given);
    }
    Path project = Path.of(System.getProperty("gantry.root", ".")).toAbsolutePath().normalize();
    Path target = project.resolve("karaf-distribution/target");
    if (Files.isDirectory(target)) {
      try (var files = Files.walk(target, 3)) {
        var found =
            files
                .filter(file -> file.endsWith("bin/gantryd"))
                .map(file -> file.getParent().getParent())
                .findFirst();
        if (found.isPresent()) {
          return found.get();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new AssertionError(
        "no bin/gantryd below "
            + target
            + ": build the distribution first (mvn package), or name it with"
            + " -Dgantry.distribution=DIRECTORY");
  }

  /** Starts the engine and returns when its API answers. */
  public void start() {
    try {
      Files.createDirectories(root);
      if (kind == Kind.DOCKERD) {
        Files.writeString(root.resolve("daemon.json"), "{}");
      }
      List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + network.path()));
      command.addAll(
          switch (kind) {
            case DOCKERD ->
                List.of("dockerd", "--config-file", path("daemon.json"), "--pidfile", path("pid"));
            case GANTRY -> List.of(distribution().resolve("bin/gantryd").toString());
          });
      command.addAll(List.of("--data-root", path("data"), "--exec-root", path("exec")));
      command.addAll(List.of("-H", dockerHost()));
      command.addAll(options);
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + kind, e);
    }
    awaitAnswer();
  }

  /** SIGTERM, then waits for the end. Gantry leaves its containers running. */
  public void stop() {
    if (process == null) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(STOPPED.toSeconds(), TimeUnit.SECONDS)) {
        kill();
        throw new AssertionError(kind + " did not end within " + STOPPED + " of SIGTERM; " + log());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process = null;
  }

  /** SIGKILL of the engine's own process: what a crash leaves behind. */
  public void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process = null;
  }

  /** The value of {@code DOCKER_HOST}. */
  public String dockerHost() {
    return "unix://" + socket();
  }

  /** The API socket. */
  public Path socket() {
    return root.resolve("s.sock");
  }

  /** The directory below which everything of this engine lies. */
  public Path root() {
    return root;
  }

  /** Which engine this is. */
  public Kind kind() {
    return kind;
  }

  /** What the daemon wrote. */
  public Path log() {
    return root.resolve("log");
  }

  /** The daemon's process id; it is the daemon itself, its launchers have exec'ed. */
  public long pid() {
    return process.pid();
  }

  /** Runs the docker CLI on this engine; it must succeed. */
  public String docker(String... arguments) {
    return tryDocker(arguments).orFail(kind + ": docker " + String.join(" ", arguments));
  }

  /** Runs the docker CLI on this engine, whatever comes of it. */
  public Shell.Outcome tryDocker(String... arguments) {
    List<String> command = new ArrayList<>(List.of("docker", "-H", dockerHost()));
    command.addAll(List.of(arguments));
    return Shell.run(command, java.util.Map.of(), Path.of("/"), Duration.ofMinutes(3));
  }

  /** Removes every container, then stops the engine. */
  @Override
  public void close() {
    if (process != null) {
      List<String> left = docker("ps", "-aq").lines().toList();
      if (!left.isEmpty()) {
        List<String> remove = new ArrayList<>(List.of("rm", "-f", "-v"));
        remove.addAll(left);
        docker(remove.toArray(String[]::new));
      }
      stop();
    }
  }

  private String path(String name) {
    return root.resolve(name).toString();
  }

  private void awaitAnswer() {
    long deadline = System.nanoTime() + READY.toNanos();
    while (System.nanoTime() < deadline) {
      if (!process.isAlive()) {
        throw new AssertionError(
            kind + " ended at once, exit code " + process.exitValue() + ": " + tail());
      }
      try (RawConnection connection = new RawConnection(socket(), Duration.ofSeconds(2))) {
        connection.send("GET /_ping HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n");
        if (connection.readToEnd().startsWith("HTTP/1.1 200 ")) {
          return;
        }
      } catch (IOException e) {
        // It does not listen yet: look again until the deadline.
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
    throw new AssertionError(kind + " does not answer within " + READY + ": " + tail());
  }

  private String tail() {
    try {
      List<String> lines = Files.readAllLines(log());
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    } catch (IOException e) {
      return "no log: " + e;
    }
  }
}
