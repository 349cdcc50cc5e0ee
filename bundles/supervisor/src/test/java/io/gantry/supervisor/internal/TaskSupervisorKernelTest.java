// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.LogsRequest;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.network.Attachment;
import io.gantry.api.network.EndpointSpec;
import io.gantry.api.network.InterfaceAddress;
import io.gantry.api.network.NetworkDriver;
import io.gantry.api.network.NetworkSpec;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.task.TaskRequest;
import io.gantry.core.task.TaskRequest.StdinMode;
import io.gantry.linux.Fd;
import io.gantry.linux.Syscalls;
import io.gantry.linux.netlink.NetworkNamespace;
import io.gantry.linux.netlink.NetworkNamespaces;
import io.gantry.linux.netlink.VethPair;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole tasks: real runtime, real overlay, real log. */
@Tag("root")
@Timeout(60)
class TaskSupervisorKernelTest {
  @TempDir Path directory;
  private SupervisorHarness harness;

  @BeforeEach
  void begin() throws Exception {
    harness = new SupervisorHarness(directory);
  }

  @AfterEach
  void end() throws Exception {
    List<String> left = new ArrayList<>();
    try (var tasks = Files.list(directory.resolve("exec/tasks"))) {
      for (Path task : tasks.toList()) {
        String id = task.getFileName().toString();
        if (harness.supervisor.running(id)) {
          harness.supervisor.killAll(id);
          harness.ends.await(id);
        }
      }
    }
    for (int i = 0; i < 400 && !harness.store.empty(); i++) {
      Thread.sleep(5);
    }
    assertTrue(harness.store.empty(), "a task is left in the store");
    for (int i = 0; i < 400; i++) {
      left.clear();
      try (var tasks = Files.list(directory.resolve("exec/tasks"))) {
        tasks.forEach(task -> left.add(task.toString()));
      }
      if (left.isEmpty()) {
        break;
      }
      Thread.sleep(5);
    }
    harness.close();
    assertEquals(List.of(), left);
    assertEquals(
        List.of(),
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .filter(line -> line.contains(directory.toString()))
            .toList());
    harness.removeCgroup();
  }

  @Test
  void runsAProgramAndTellsItsEnd() throws Exception {
    harness.task("a", "sh", "-c", "echo out; echo err >&2; exit 7").start();
    SupervisorHarness.Ends.End end = harness.ends.await("a");
    assertEquals(7, end.status().code());
    assertTrue(end.status().known());
    assertFalse(end.oomKilled());
    String log = harness.log("a");
    assertTrue(log.contains("out\n") && log.contains("err\n"), log);
    assertFalse(harness.supervisor.running("a"));
  }

  @Test
  void hasTheDevicesThatEveryContainerHas() throws Exception {
    harness
        .task(
            "a",
            "sh",
            "-c",
            "cd /dev; stat -c '%n %a %t:%T' null zero full random urandom tty; echo x > null")
        .start();
    assertEquals(0, harness.ends.await("a").status().code());
    assertEquals(
        "null 666 1:3\nzero 666 1:5\nfull 666 1:7\nrandom 666 1:8\nurandom 666 1:9\ntty 666 5:0\n",
        harness.log("a"));
  }

  @Test
  void runsAgainAndTheLogGoesOn() throws Exception {
    for (int i = 0; i < 3; i++) {
      harness.ends.reset("a");
      harness.task("a", "echo", "run " + i).start();
      assertEquals(0, harness.ends.await("a").status().code());
    }
    assertEquals("run 0\nrun 1\nrun 2\n", harness.log("a"));
  }

  @Test
  void aClientThatJoinedBeforeTheStartGetsEverything() throws Exception {
    SupervisorHarness.Client client = new SupervisorHarness.Client();
    harness.supervisor.attach("a", false, SupervisorHarness.OUTPUT, client);
    harness.task("a", "sh", "-c", "seq 1 20000").start();
    StringBuilder expected = new StringBuilder();
    for (int i = 1; i <= 20000; i++) {
      expected.append(i).append('\n');
    }
    assertEquals(expected.toString(), client.await());
    harness.ends.await("a");
    assertEquals(expected.toString(), harness.log("a"));
  }

  @Test
  void stdinGoesInAndItsEndToo() throws Exception {
    SupervisorHarness.Client client = new SupervisorHarness.Client();
    AttachedStreams streams = harness.supervisor.attach("a", false, SupervisorHarness.ALL, client);
    SupervisorHarness.Builder task = harness.task("a", "cat");
    task.stdin = StdinMode.OPEN_ONCE;
    // more than a pipe holds, and the end of input, both before the start
    byte[] bytes = new byte[3_000_000];
    java.util.Arrays.fill(bytes, (byte) 'x');
    streams.input().write(ByteBuffer.wrap(bytes));
    streams.input().end();
    task.start();
    assertEquals(bytes.length, client.await().length());
    assertEquals(0, harness.ends.await("a").status().code());
  }

  @Test
  void aTerminalEchoesAndDetaches() throws Exception {
    SupervisorHarness.Client client = new SupervisorHarness.Client();
    AttachedStreams streams = harness.supervisor.attach("a", true, SupervisorHarness.ALL, client);
    SupervisorHarness.Builder task =
        harness.task("a", "sh", "-c", "stty size; read x; echo got $x; sleep 1000");
    task.terminal = true;
    task.stdin = StdinMode.OPEN;
    harness.supervisor.resize("a", 33, 99);
    task.start();
    client.awaitText("33 99\r\n");
    type(streams, "hello\r");
    client.awaitText("got hello\r\n");
    type(streams, "\u0010");
    type(streams, "\u0011");
    client.await();
    assertTrue(harness.supervisor.running("a"));
    SupervisorHarness.Client second = new SupervisorHarness.Client();
    harness.supervisor.attach(
        "a", true, new AttachRequest(true, true, false, true, true, null), second);
    second.awaitText("got hello\r\n");
    harness.supervisor.kill("a", 9);
    second.await();
    assertEquals(137, harness.ends.await("a").status().code());
  }

  private static void type(AttachedStreams streams, String keys) throws Exception {
    streams
        .input()
        .write(ByteBuffer.wrap(keys.getBytes(StandardCharsets.US_ASCII)))
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
  }

  @Test
  void execRunsInTheTask() throws Exception {
    harness.task("a", "sleep", "1000").start();
    SupervisorHarness.Client client = new SupervisorHarness.Client();
    AttachedStreams streams =
        harness.supervisor.exec(
            "a",
            "x",
            SupervisorHarness.process(List.of("sh", "-c", "cat; id -u; id -G; exit 3"), false),
            "kim",
            List.of(),
            false,
            SupervisorHarness.ALL,
            client);
    streams.input().write(ByteBuffer.wrap("in\n".getBytes(StandardCharsets.US_ASCII)));
    streams.input().end();
    assertEquals("in\n1000\n1001 50\n", client.await());
    assertTrue(harness.ends.of("a/x").isDone(), "the client was let go before the end was told");
    assertEquals(3, harness.ends.await("a/x").status().code());
    harness.supervisor.kill("a", 9);
    harness.ends.await("a");
  }

  @Test
  void whatCannotBeRunLeavesNothing() throws Exception {
    SupervisorHarness.Client client = new SupervisorHarness.Client();
    harness.supervisor.attach("a", false, SupervisorHarness.OUTPUT, client);
    EngineException failure =
        assertThrows(EngineException.class, () -> harness.task("a", "no-such-program").start());
    assertEquals(ErrorKind.INVALID, failure.kind());
    assertTrue(failure.getMessage().contains("executable file not found in $PATH"));
    client.await();
    assertFalse(harness.supervisor.running("a"));
    SupervisorHarness.Builder unknown = harness.task("a", "true");
    unknown.user = "nobody-here";
    failure = assertThrows(EngineException.class, unknown::start);
    assertEquals(
        "unable to find user nobody-here: no matching entries in passwd file",
        failure.getMessage());
    harness.task("a", "true").start();
    assertEquals(0, harness.ends.await("a").status().code());
  }

  @Test
  void aHostilePasswdFileDoesNotHoldUpTheStart() throws Exception {
    Path passwd = directory.resolve("image/etc/passwd");
    Files.delete(passwd);
    assertEquals(0, new ProcessBuilder("mkfifo", passwd.toString()).start().waitFor());
    EngineException failure =
        assertThrows(EngineException.class, () -> harness.task("a", "true").start());
    assertEquals("/etc/passwd in the container's root is not a regular file", failure.getMessage());
    Files.delete(passwd);
    try (var file = new java.io.RandomAccessFile(passwd.toFile(), "rw")) {
      file.setLength(2L << 30);
    }
    failure = assertThrows(EngineException.class, () -> harness.task("a", "true").start());
    assertTrue(failure.getMessage().contains("too large"), failure.getMessage());
    Files.delete(passwd);
    Files.createSymbolicLink(passwd, Path.of("../../../../../../etc/shadow"));
    SupervisorHarness.Builder outside = harness.task("a", "true");
    outside.user = "daemon";
    failure = assertThrows(EngineException.class, outside::start);
    assertEquals(
        "unable to find user daemon: no matching entries in passwd file", failure.getMessage());
  }

  @Test
  void aVolumeIsFilledOnceFromTheImage() throws Exception {
    Path source = Files.createDirectories(directory.resolve("image/data/sub"));
    Files.writeString(source.resolve("file"), "content");
    Files.createLink(source.resolve("again"), source.resolve("file"));
    Files.createSymbolicLink(source.resolve("link"), Path.of("/etc/shadow"));
    new ProcessBuilder("chown", "-R", "1000:1001", directory.resolve("image/data").toString())
        .start()
        .waitFor();
    new ProcessBuilder("chmod", "4751", source.resolve("file").toString()).start().waitFor();
    new ProcessBuilder("touch", "-d", "2001-02-03", source.toString()).start().waitFor();
    Path volume = Files.createDirectories(directory.resolve("volume"));
    for (int i = 0; i < 2; i++) {
      SupervisorHarness.Builder task = harness.task("a", "true");
      task.copies = List.of(new TaskRequest.VolumeCopy("/data", volume));
      harness.ends.reset("a");
      task.start();
      harness.ends.await("a");
      Files.writeString(source.resolve("later"), "x");
    }
    assertEquals("content", Files.readString(volume.resolve("sub/file")));
    assertFalse(Files.exists(volume.resolve("sub/later")));
    assertEquals(Path.of("/etc/shadow"), Files.readSymbolicLink(volume.resolve("sub/link")));
    assertEquals(1000, Files.getAttribute(volume, "unix:uid"));
    assertEquals(04751, (int) Files.getAttribute(volume.resolve("sub/file"), "unix:mode") & 07777);
    assertEquals(2, Files.getAttribute(volume.resolve("sub/again"), "unix:nlink"));
    assertTrue(Files.getLastModifiedTime(volume.resolve("sub")).toString().startsWith("2001-02-0"));
  }

  @Test
  void aNewEngineGoesOnWithoutLosingALine() throws Exception {
    harness
        .task(
            "a",
            "sh",
            "-c",
            "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); echo line $i; done; sleep 1000")
        .start();
    harness.task("b", "sh", "-c", "sleep 0.3; exit 5").start();
    harness.supervisor.exec(
        "a",
        "x",
        SupervisorHarness.process(List.of("sh", "-c", "sleep 0.3; exit 6"), false),
        "",
        List.of(),
        false,
        null,
        null);
    harness.close();
    Thread.sleep(600);
    harness.begin();
    assertEquals(5, harness.ends.of("b").getNow(null).status().code());
    assertEquals(6, harness.ends.await("a/x").status().code());
    assertTrue(harness.supervisor.running("a"));
    SupervisorHarness.Lines followed =
        harness.logs("a", new LogsRequest(new LogQuery(true, true, 0, 0, -1), true));
    StringBuilder expected = new StringBuilder();
    for (int i = 1; i <= 3000; i++) {
      expected.append("line ").append(i).append('\n');
    }
    for (int i = 0; i < 2000 && followed.soFar().length() < expected.length(); i++) {
      Thread.sleep(5);
    }
    harness.supervisor.kill("a", 9);
    assertEquals(137, harness.ends.await("a").status().code());
    assertEquals(expected.toString(), followed.text());
    assertEquals(expected.toString(), harness.log("a"));
  }

  @Test
  void outputWaitsWhileTheLogDriverIsAway() throws Exception {
    harness.task("a", "sh", "-c", "echo one; sleep 0.2; echo two; sleep 0.2; echo three").start();
    Object driver = harness.drivers.take(DriverKind.LOG, "json-file");
    CompletableFuture<SupervisorHarness.Ends.End> end = harness.ends.of("a");
    Thread.sleep(700);
    assertFalse(end.isDone(), "the end was told before the output was logged");
    harness.drivers.put(DriverKind.LOG, "json-file", (io.gantry.api.logging.LogDriver) driver);
    assertEquals(0, harness.ends.await("a").status().code());
    assertEquals("one\ntwo\nthree\n", harness.log("a"));
  }

  @Test
  void aSlowClientHoldsUpItsOwnTaskOnly() throws Exception {
    CompletableFuture<Void> gate = new CompletableFuture<>();
    SupervisorHarness.Client slow =
        new SupervisorHarness.Client() {
          @Override
          public java.util.concurrent.CompletionStage<Void> write(
              io.gantry.api.stream.StreamType stream, ByteBuffer chunk) {
            return gate.thenCompose(open -> super.write(stream, chunk));
          }
        };
    SupervisorHarness.Builder big =
        harness.task(
            "a",
            "sh",
            "-c",
            "head -c 20000000 /bin/busybox /bin/busybox /bin/busybox /bin/busybox /bin/busybox /bin/busybox /bin/busybox | cat");
    big.logged = false;
    harness.supervisor.attach("a", false, SupervisorHarness.OUTPUT, slow);
    big.start();
    harness.task("b", "echo", "quick").start();
    assertEquals(0, harness.ends.await("b").status().code());
    Thread.sleep(100);
    assertTrue(harness.supervisor.running("a"), "it did not wait for its client");
    gate.complete(null);
    slow.ended.get(20, TimeUnit.SECONDS);
    assertEquals(0, harness.ends.await("a").status().code());
    assertTrue(slow.stdout.size() > 10_000_000, "" + slow.stdout.size());
  }

  @Test
  void tellsOfAKillForWantOfMemory() throws Exception {
    SupervisorHarness.Builder task =
        harness.task("a", "sh", "-c", "x=xxxxxxxxxxxxxxxx; while :; do x=$x$x; done");
    task.memory = new io.gantry.api.runtime.RuntimeSpec.Memory(16L << 20, null, null);
    task.start();
    SupervisorHarness.Ends.End end = harness.ends.await("a");
    assertEquals(137, end.status().code());
    assertTrue(end.oomKilled());
  }

  @Test
  void noThreadForEachTask() throws Exception {
    for (int i = 0; i < 8; i++) {
      harness.task("t" + i, "sleep", "1000").start();
      harness.logs("t" + i, new LogsRequest(new LogQuery(true, true, 0, 0, -1), true));
    }
    long threads =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> name.startsWith("gantry-"))
            .count();
    assertTrue(threads <= 14, threads + " threads");
    for (int i = 0; i < 8; i++) {
      harness.supervisor.kill("t" + i, 9);
    }
    for (int i = 0; i < 8; i++) {
      assertEquals(137, harness.ends.await("t" + i).status().code());
    }
  }

  @Test
  void networksAreAttachedAndSetUpInside() throws Exception {
    InetAddress address = InetAddress.getByName("10.213.0.7");
    InetAddress gateway = InetAddress.getByName("10.213.0.1");
    List<String> calls = new CopyOnWriteArrayList<>();
    try (NetworkNamespaces namespaces = new NetworkNamespaces(0);
        NetworkNamespace host = namespaces.create()) {
      harness.drivers.put(
          DriverKind.NETWORK,
          "veth",
          new NetworkDriver() {
            @Override
            public void ensure(NetworkSpec network) {
              throw new UnsupportedOperationException("ensure");
            }

            @Override
            public void remove(NetworkSpec network) {
              throw new UnsupportedOperationException("remove");
            }

            @Override
            public Attachment attach(NetworkSpec network, EndpointSpec endpoint) {
              calls.add("attach " + endpoint.id());
              try (Fd inside = Syscalls.open(endpoint.namespace().toString(), 0, 0)) {
                host.routes()
                    .createVeth(
                        new VethPair(
                            "h" + calls.size(),
                            0,
                            0,
                            null,
                            endpoint.interfaceName(),
                            endpoint.macAddress(),
                            inside.number()));
              }
              return new Attachment(
                  endpoint.interfaceName(), "h", endpoint.addresses(), gateway, 1500);
            }

            @Override
            public void detach(NetworkSpec network, String endpointId) {
              calls.add("detach " + endpointId);
            }
          });
      SupervisorHarness.Builder task =
          harness.task("a", "sh", "-c", "ip -o addr; ip route; ip link show eth0");
      task.endpoints =
          List.of(
              new TaskRequest.Endpoint(
                  "veth",
                  new NetworkSpec("n", "net", List.of(), false, Map.of()),
                  "e1",
                  "eth0",
                  List.of(new InterfaceAddress(address, 16)),
                  "02:42:0a:d5:00:07"));
      assertEquals(1, harness.supervisor.start(task.request()).attachments().size());
      assertEquals(0, harness.ends.await("a").status().code());
      String log = harness.log("a");
      assertTrue(log.contains("inet 10.213.0.7/16 brd 10.213.255.255"), log);
      assertTrue(log.contains("inet 127.0.0.1/8"), log);
      assertTrue(log.contains("default via 10.213.0.1 dev eth0"), log);
      assertTrue(log.contains("02:42:0a:d5:00:07"), log);
      assertEquals(List.of("attach e1", "detach e1"), calls);

      SupervisorHarness.Builder broken = harness.task("b", "no-such-program");
      broken.endpoints = task.endpoints;
      assertThrows(EngineException.class, broken::start);
      assertEquals(List.of("attach e1", "detach e1"), calls.subList(2, 4));
    }
  }

  @Test
  void noDescriptorIsLeft() throws Exception {
    long before = 0;
    for (int i = 0; i < 12; i++) {
      harness.ends.reset("a");
      SupervisorHarness.Client client = new SupervisorHarness.Client();
      harness.supervisor.attach("a", false, SupervisorHarness.ALL, client);
      SupervisorHarness.Builder task = harness.task("a", "sh", "-c", "echo x; sleep 1000");
      task.stdin = i % 2 == 0 ? StdinMode.OPEN_ONCE : StdinMode.CLOSED;
      task.start();
      harness.supervisor.exec(
          "a",
          "x" + i,
          SupervisorHarness.process(List.of("true"), i % 3 == 0),
          "",
          List.of(),
          false,
          SupervisorHarness.ALL,
          new SupervisorHarness.Client());
      harness.supervisor.kill("a", 9);
      client.await();
      harness.ends.await("a");
      assertThrows(EngineException.class, () -> harness.task("bad", "no-such-program").start());
      for (int j = 0; j < 400 && !harness.store.empty(); j++) {
        Thread.sleep(5);
      }
      Thread.sleep(20);
      if (i == 5) {
        before = descriptors();
      }
    }
    // Mounts and namespaces are let go off the path of a task's end: they take their time.
    long after = descriptors();
    for (int j = 0; j < 500 && after > before; j++) {
      Thread.sleep(10);
      after = descriptors();
    }
    assertTrue(after <= before, before + " descriptors became " + after);
  }

  private static long descriptors() throws Exception {
    try (var open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  @Test
  void logsEndAtUntilAndWithTheTask() throws Exception {
    harness.task("a", "sh", "-c", "echo one; sleep 1; echo two; sleep 1000").start();
    long soon = System.currentTimeMillis() + 400;
    SupervisorHarness.Lines until =
        harness.logs("a", new LogsRequest(new LogQuery(true, true, 0, soon * 1_000_000, -1), true));
    SupervisorHarness.Lines all =
        harness.logs("a", new LogsRequest(new LogQuery(true, true, 0, 0, -1), true));
    assertEquals("one\n", until.text());
    assertTrue(System.currentTimeMillis() >= soon, "it ended early");
    for (int i = 0; i < 2000 && !all.soFar().contains("two"); i++) {
      Thread.sleep(5);
    }
    harness.supervisor.kill("a", 9);
    assertEquals("one\ntwo\n", all.text());
    SupervisorHarness.Lines tail =
        harness.logs("a", new LogsRequest(new LogQuery(true, true, 0, 0, 1), false));
    assertEquals("two\n", tail.text());
  }
}
