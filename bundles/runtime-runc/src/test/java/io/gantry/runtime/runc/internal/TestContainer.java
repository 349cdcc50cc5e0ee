// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.CreateRequest;
import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.StdioSpec;
import io.gantry.api.runtime.TaskRecord;
import io.gantry.linux.Fd;
import io.gantry.linux.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** A busybox root file system and the spec of a container in it, as Docker would write it. */
final class TestContainer {
  static final Set<String> DOCKER_CAPABILITIES =
      Set.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_MKNOD",
          "CAP_NET_RAW",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETFCAP",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL",
          "CAP_AUDIT_WRITE");

  final Path directory;
  final String id;
  List<String> args = List.of("/bin/true");
  List<String> env = List.of("PATH=/bin");
  boolean terminal;
  boolean stdin;
  boolean readonly;
  long uid;
  String cwd = "/";
  RuntimeSpec.Resources resources = new RuntimeSpec.Resources(List.of(), null, null, null);
  RuntimeSpec.Seccomp seccomp;
  boolean noNewPrivileges;
  Integer oomScoreAdj = 0;
  List<RuntimeSpec.Rlimit> rlimits = List.of();
  Map<String, String> sysctl = Map.of();
  List<RuntimeSpec.Mount> moreMounts = List.of();

  TestContainer(Path directory) throws IOException {
    this(directory, "t" + UUID.randomUUID().toString().replace("-", ""));
    Path bin = Files.createDirectories(directory.resolve("rootfs/bin"));
    Files.copy(Path.of("/bin/busybox"), bin.resolve("busybox"));
    for (String applet :
        List.of(
            "sh",
            "true",
            "cat",
            "id",
            "ps",
            "sleep",
            "ls",
            "hostname",
            "echo",
            "pwd",
            "tty",
            "stty",
            "dd",
            "grep",
            "readlink",
            "touch",
            "head",
            "mount",
            "mkdir",
            "mknod",
            "kill")) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
    Files.createDirectories(directory.resolve("rootfs/etc"));
    Files.createDirectories(directory.resolve("rootfs/tmp"));
  }

  /** With a root file system that is there already. */
  TestContainer(Path directory, String id) {
    this.directory = directory;
    this.id = id;
  }

  /** The cgroup above those of all test containers, as far as nobody else uses it now. */
  static void removeParentCgroups() {
    CgroupHost host = CgroupHost.read();
    List<Path> hierarchies = new ArrayList<>(host.v1().values());
    if (host.unified() != null) {
      hierarchies.add(host.unified());
    }
    for (Path hierarchy : hierarchies) {
      // no exception: rmdir(2) refuses a group with groups in it, and another run may have some
      hierarchy.resolve("gantry-test").toFile().delete();
    }
  }

  TestContainer command(String... command) {
    args = List.of(command);
    return this;
  }

  CreateRequest request() {
    return new CreateRequest(
        id, directory.resolve("bundle"), spec(), new StdioSpec(terminal, stdin, (int) uid));
  }

  RuntimeSpec spec() {
    List<RuntimeSpec.Mount> mounts =
        new ArrayList<>(
            List.of(
                mount("/proc", "proc", "nosuid", "noexec", "nodev"),
                mount("/dev", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
                mount(
                    "/dev/pts",
                    "devpts",
                    "nosuid",
                    "noexec",
                    "newinstance",
                    "ptmxmode=0666",
                    "mode=0620",
                    "gid=5"),
                mount("/sys", "sysfs", "nosuid", "noexec", "nodev", "ro"),
                mount("/sys/fs/cgroup", "cgroup", "ro", "nosuid", "noexec", "nodev"),
                mount("/dev/mqueue", "mqueue", "nosuid", "noexec", "nodev"),
                mount(
                    "/dev/shm", "tmpfs", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k")));
    mounts.addAll(moreMounts);
    return new RuntimeSpec(
        process(args),
        new RuntimeSpec.Root(directory.resolve("rootfs").toString(), readonly),
        "box",
        "",
        mounts,
        new RuntimeSpec.Linux(
            List.of(
                namespace(RuntimeSpec.NamespaceType.MOUNT),
                namespace(RuntimeSpec.NamespaceType.PID),
                namespace(RuntimeSpec.NamespaceType.IPC),
                namespace(RuntimeSpec.NamespaceType.UTS),
                namespace(RuntimeSpec.NamespaceType.NETWORK)),
            List.of(
                device("/dev/null", 1, 3),
                device("/dev/zero", 1, 5),
                device("/dev/full", 1, 7),
                device("/dev/random", 1, 8),
                device("/dev/urandom", 1, 9),
                device("/dev/tty", 5, 0)),
            resources,
            "/gantry-test/" + id,
            seccomp,
            sysctl,
            List.of("/proc/kcore", "/proc/keys", "/proc/acpi", "/proc/timer_list", "/sys/firmware"),
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"),
            null));
  }

  RuntimeSpec.Process process(List<String> command) {
    return new RuntimeSpec.Process(
        terminal,
        new RuntimeSpec.ConsoleSize(24, 80),
        new RuntimeSpec.User(uid, uid, List.of()),
        command,
        env,
        cwd,
        DOCKER_CAPABILITIES,
        rlimits,
        noNewPrivileges,
        oomScoreAdj,
        null);
  }

  private static RuntimeSpec.Mount mount(String destination, String type, String... options) {
    return new RuntimeSpec.Mount(destination, type, type, List.of(options));
  }

  private static RuntimeSpec.Namespace namespace(RuntimeSpec.NamespaceType type) {
    return new RuntimeSpec.Namespace(type, null);
  }

  private static RuntimeSpec.Device device(String path, long major, long minor) {
    return new RuntimeSpec.Device(path, "c", major, minor, 0666, 0, 0);
  }

  /** A copy of a descriptor that the shim holds. */
  static Fd take(ProcessRecord process, int number) {
    try (Fd pidfd = Processes.open(process.shim()).orElseThrow()) {
      return Syscalls.pidfdGetFd(pidfd.number(), number);
    }
  }

  /** Reads until end of file, or EIO as a terminal's master ends. */
  static String drain(Fd fd) {
    StringBuilder text = new StringBuilder();
    ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    while (Syscalls.readRaw(fd.number(), buffer.clear()) > 0) {
      text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
    }
    return text.toString();
  }

  static ExitStatus await(RuncRuntime runtime, ProcessRecord process) throws InterruptedException {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
    while (Instant.now().isBefore(deadline)) {
      var status = runtime.exitStatus(process);
      if (status.isPresent()) {
        return status.get();
      }
      Thread.sleep(2);
    }
    throw new AssertionError("the process did not end within 20 s");
  }

  record Outcome(int code, String stdout, String stderr) {}

  /** Runs the container to its end. */
  Outcome run(RuncRuntime runtime) throws InterruptedException {
    TaskRecord task = runtime.create(request(), record -> {});
    try (Fd stdout = take(task.init(), task.init().descriptors().stdout());
        Fd stderr = terminal ? null : take(task.init(), task.init().descriptors().stderr())) {
      runtime.start(task);
      ExitStatus status = await(runtime, task.init());
      // The shim holds no write end, so the pipes end with the container.
      return new Outcome(status.code(), drain(stdout), stderr == null ? "" : drain(stderr));
    } finally {
      runtime.delete(task);
    }
  }
}
