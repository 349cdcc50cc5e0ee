// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.stream.StreamType;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Attach and exec; the heads are those of dockerd 20.10, byte for byte. */
@SuppressWarnings("StringConcatToTextBlock") // the lines end with CR LF
class HijackTest {
  private static final String UPGRADE = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
  private static final String RAW = "Content-Type: application/vnd.docker.raw-stream\r\n";
  private static final String HEADERS =
      "Api-Version: 1.50\r\nDocker-Experimental: false\r\nOstype: linux\r\n"
          + "Server: Gantry/0.1.0 (linux)\r\n";
  private RunningDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new RunningDoor();
  }

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private FakeProcess container(String name, boolean terminal, String... words) throws Exception {
    StringBuilder cmd = new StringBuilder();
    for (String word : words) {
      cmd.append(cmd.isEmpty() ? "" : ",").append('"').append(word).append('"');
    }
    String body =
        "{\"Image\":\"busybox\",\"OpenStdin\":true,\"Tty\":" + terminal + ",\"Cmd\":[" + cmd + "]}";
    String answer = door.raw("POST", "/containers/create?name=" + name, "", body);
    assertTrue(answer.startsWith("HTTP/1.1 201 Created\r\n"), answer);
    return door.engine.containers.process(name);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain");
      Thread.sleep(2);
    }
  }

  private static String frame(int stream, String text) {
    return new String(new char[] {(char) stream, 0, 0, 0, 0, 0, 0, (char) text.length()}) + text;
  }

  private static String upgraded(String path) {
    return "POST " + path + " HTTP/1.1\r\nHost: d\r\n" + UPGRADE + "\r\n";
  }

  @Test
  void attachWithUpgrade() throws Exception {
    container("c", false, "echo", "hi");
    try (TestClient client = door.client()) {
      client.send(upgraded("/v1.41/containers/c/attach?stream=1&stdout=1"));
      assertEquals(
          "HTTP/1.1 101 UPGRADED\r\n" + RAW + "Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n",
          client.readUntil("\r\n\r\n"));
      door.raw("POST", "/containers/c/start");
      assertEquals(frame(1, "hi\n"), client.readToEnd());
    }
  }

  @Test
  void attachWithoutUpgrade() throws Exception {
    container("c", true, "echo", "hi");
    try (TestClient client = door.client()) {
      client.request("POST", "/containers/c/attach?stream=1&stdout=1");
      assertEquals("HTTP/1.1 200 OK\r\n" + RAW + "\r\n", client.readUntil("\r\n\r\n"));
      door.raw("POST", "/containers/c/start");
      assertEquals("hi\n", client.readToEnd());
    }
  }

  @Test
  void frameTypeIsNamedSinceItExists() throws Exception {
    container("c", false, "cat");
    try (TestClient client = door.client()) {
      client.send(upgraded("/v1.42/containers/c/attach?stream=1&stdout=1"));
      String head = client.readUntil("\r\n\r\n");
      assertTrue(head.contains("application/vnd.docker.multiplexed-stream\r\n"), head);
    }
  }

  @Test
  void attachErrorsHaveAHeadOfTheirOwn() throws Exception {
    container("c", false, "cat");
    try (TestClient client = door.client()) {
      client.request("POST", "/containers/nope/attach?stream=1&stdout=1");
      assertEquals(
          "HTTP/1.1 404 Not Found\r\n" + RAW + "\r\nNo such container: nope\r\n",
          client.readToEnd());
    }
    try (TestClient client = door.client()) {
      client.request("POST", "/containers/c/attach?stream=1&detachKeys=foo");
      assertEquals(
          "HTTP/1.1 400 Bad Request\r\n" + RAW + "\r\nInvalid detach keys (foo) provided\r\n",
          client.readToEnd());
    }
  }

  @Test
  void bytesThatComeWithTheRequestAreInput() throws Exception {
    container("c", true, "cat");
    door.raw("POST", "/containers/c/start");
    try (TestClient client = door.client()) {
      client.send(upgraded("/containers/c/attach?stream=1&stdin=1&stdout=1") + "early");
      client.readUntil("\r\n\r\n");
      client.readUntil("early");
      client.send(" late").readUntil(" late");
    }
  }

  @Test
  void outputComesAfterTheClientsHalfClose() throws Exception {
    FakeProcess process = container("c", false, "cat");
    door.raw("POST", "/containers/c/start");
    try (TestClient client = door.client()) {
      client.send(upgraded("/containers/c/attach?stream=1&stdin=1&stdout=1") + "hi").closeOutput();
      client.readUntil("\r\n\r\n");
      assertEquals(frame(1, "hi"), client.readToEnd());
    }
    assertTrue(process.inputEnded);
  }

  @Test
  void aClientThatClosesItsSideAtOnceGetsAllOutput() throws Exception {
    FakeProcess process = container("c", false, "sleep");
    door.raw("POST", "/containers/c/start");
    try (TestClient client = door.client()) {
      client.send(upgraded("/containers/c/attach?stream=1&stdout=1")).closeOutput();
      client.readUntil("\r\n\r\n");
      await(() -> process.inputEnded);
      process.print("one");
      assertEquals(frame(1, "one"), client.readUntil("one"));
      process.print("two").thenRun(() -> process.end(0));
      assertEquals(frame(1, "two"), client.readToEnd());
    }
  }

  @Test
  void noOutputIsLostWhenInputIsLeftUnread() throws Exception {
    FakeProcess process = container("c", true, "sleep");
    door.raw("POST", "/containers/c/start");
    try (TestClient client = door.client()) {
      client.send(upgraded("/containers/c/attach?stream=1&stdin=1&stdout=1"));
      client.readUntil("\r\n\r\n");
      process.print("bye").thenRun(() -> process.end(0));
      client.send("nobody reads this");
      assertEquals("bye", client.readToEnd());
    }
  }

  @Test
  void aSlowClientHoldsUpItsProducerAndNoThread() throws Exception {
    FakeProcess process = container("c", true, "sleep");
    door.raw("POST", "/containers/c/start");
    try (TestClient client = door.client()) {
      client.send(upgraded("/containers/c/attach?stream=1&stdout=1"));
      client.readUntil("\r\n\r\n");
      byte[] much = new byte[4 << 20];
      java.util.Arrays.fill(much, (byte) 'x');
      CompletionStage<Void> written = process.write(StreamType.STDOUT, ByteBuffer.wrap(much));
      Thread.sleep(100);
      assertFalse(written.toCompletableFuture().isDone());
      int read = 0;
      while (read < much.length) {
        read += client.readUntil("x").length();
      }
      await(() -> written.toCompletableFuture().isDone());
      process.end(0);
      assertEquals("", client.readToEnd());
    }
  }

  @Test
  void readingPausesWhileTheProcessDoesNotTakeInput() throws Exception {
    FakeProcess process = container("c", true, "stuck");
    door.raw("POST", "/containers/c/start");
    try (TestClient client = door.client()) {
      client.send(upgraded("/containers/c/attach?stream=1&stdin=1&stdout=1"));
      client.readUntil("\r\n\r\n");
      byte[] much = new byte[16 << 20];
      long sent = client.sendUntilFull(much, Duration.ofMillis(300));
      assertTrue(sent < 4 << 20, "buffered " + sent);
      long before = process.received();
      process.unstuck.complete(null);
      await(() -> process.received() == sent);
      assertTrue(before < sent);
    }
  }

  @Test
  void aClientThatLeftIsNoticedWhenOutputComes() throws Exception {
    FakeProcess process = container("c", true, "sleep");
    door.raw("POST", "/containers/c/start");
    try (TestClient client = door.client()) {
      client.send(upgraded("/containers/c/attach?stream=1&stdout=1"));
      client.readUntil("\r\n\r\n");
    }
    await(() -> process.inputEnded);
    process.print("x");
    await(() -> process.attached() == 0);
    assertEquals(1, process.subscriptionsClosed);
  }

  private String exec(String... words) throws Exception {
    String answer =
        door.raw(
            "POST",
            "/containers/c/exec",
            "",
            "{\"AttachStdout\":true,\"Cmd\":[\"" + String.join("\",\"", words) + "\"]}");
    assertTrue(answer.startsWith("HTTP/1.1 201 Created\r\n"), answer);
    return answer.substring(answer.indexOf("\"Id\":\"") + 6, answer.lastIndexOf('"'));
  }

  @Test
  void execStreamsAndTellsErrorsInBand() throws Exception {
    container("c", false, "sleep");
    door.raw("POST", "/containers/c/start");
    String id = exec("echo", "hi");
    String start = "/v1.41/exec/" + id + "/start";
    try (TestClient client = door.client()) {
      client.request("POST", start, UPGRADE, "{\"Detach\":false,\"Tty\":false}");
      assertEquals(
          "HTTP/1.1 101 UPGRADED\r\n"
              + RAW
              + "Connection: Upgrade\r\nUpgrade: tcp\r\n"
              + HEADERS
              + "\r\n"
              + frame(1, "hi\n"),
          client.readToEnd());
    }
    String again = "Error: Exec command " + id + " has already run\r\n";
    try (TestClient client = door.client()) {
      client.request("POST", start, "", "{\"Tty\":false}");
      assertEquals(
          "HTTP/1.1 200 OK\r\n" + RAW + HEADERS + "\r\n" + frame(1, again), client.readToEnd());
    }
    try (TestClient client = door.client()) {
      client.request("POST", start, "", "{\"Tty\":true}");
      assertEquals("HTTP/1.1 200 OK\r\n" + RAW + HEADERS + "\r\n" + again, client.readToEnd());
    }
    String inspected = door.body("GET", "/exec/" + id + "/json");
    assertEquals(
        "{\"ID\":\""
            + id
            + "\",\"Running\":false,\"ExitCode\":0,\"ProcessConfig\":{\"tty\":false,"
            + "\"entrypoint\":\"echo\",\"arguments\":[\"hi\"],\"privileged\":false},"
            + "\"OpenStdin\":false,\"OpenStderr\":false,\"OpenStdout\":true,\"CanRemove\":false,"
            + "\"ContainerID\":\""
            + "f".repeat(64)
            + "\",\"DetachKeys\":\"\",\"Pid\":0}\n",
        inspected);
  }

  @Test
  void execDetachedHasAPlainAnswer() throws Exception {
    container("c", false, "sleep");
    door.raw("POST", "/containers/c/start");
    String id = exec("echo", "hi");
    assertEquals(
        "HTTP/1.1 200 OK\r\n" + HEADERS + "Content-Length: 0\r\n\r\n",
        door.raw("POST", "/exec/" + id + "/start", "", "{\"Detach\":true}"));
    String unknown = door.raw("POST", "/exec/nope/start", "", "{}");
    assertTrue(unknown.startsWith("HTTP/1.1 404 Not Found\r\n"), unknown);
    assertTrue(unknown.endsWith("{\"message\":\"No such exec instance: nope\"}\n"), unknown);
  }
}
