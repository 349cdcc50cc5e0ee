// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.rest.internal.operation.EngineFacts;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenersTest {
  @TempDir Path directory;

  private RestDoor open(FakeEngine engine, String... hosts) throws Exception {
    return new RestDoor(engine, List.of(hosts), "", "0.1.0", new EngineFacts(List::of, () -> ""));
  }

  private Path socket() {
    return directory.resolve("run/s.sock");
  }

  private static void ping(Path socket) throws Exception {
    try (TestClient client = new TestClient(socket)) {
      assertTrue(client.request("GET", "/_ping").response().endsWith("OK"));
    }
  }

  @Test
  void theSocketIsForItsOwnerAndGroupAndGoesWithTheDoor() throws Exception {
    RestDoor door = open(new FakeEngine(), "unix://" + socket());
    ping(socket());
    assertEquals(
        "rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
    door.close();
    assertFalse(Files.exists(socket()));
    try (var left = Files.list(socket().getParent())) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aStaleSocketIsReplaced() throws Exception {
    Files.createDirectories(socket().getParent());
    try (ServerSocketChannel gone = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      gone.bind(UnixDomainSocketAddress.of(socket()));
    }
    RestDoor door = open(new FakeEngine(), "unix://" + socket());
    ping(socket());
    door.close();
  }

  @Test
  void aSocketThatIsAnsweredIsLeftAlone() throws Exception {
    RestDoor first = open(new FakeEngine(), "unix://" + socket());
    EngineException refused =
        assertThrows(EngineException.class, () -> open(new FakeEngine(), "unix://" + socket()));
    assertEquals(ErrorKind.CONFLICT, refused.kind());
    ping(socket());
    first.close();
  }

  @Test
  void theSocketOfALaterEngineIsLeftAlone() throws Exception {
    RestDoor first = open(new FakeEngine(), "unix://" + socket());
    Files.delete(socket());
    RestDoor second = open(new FakeEngine(), "unix://" + socket());
    first.close();
    ping(socket());
    second.close();
  }

  @Test
  void loopbackIsServedToAnonymousCallers() throws Exception {
    FakeEngine engine = new FakeEngine();
    RestDoor door = open(engine, "unix://" + socket(), "tcp://127.0.0.1:0");
    HttpURLConnection connection =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + door.tcpPort() + "/version").toURL().openConnection();
    assertEquals(200, connection.getResponseCode());
    assertEquals("tcp", engine.callers.get(0).door());
    assertEquals("anonymous", engine.callers.get(0).name());
    connection.disconnect();
    door.close();
  }

  private static int status(int port, String host, String more) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      String request = "GET /_ping HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] answer = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
      return Integer.parseInt(new String(answer, StandardCharsets.US_ASCII).substring(9));
    }
  }

  @Test
  void webPagesAreKeptAwayFromThePort() throws Exception {
    RestDoor door = open(new FakeEngine(), "tcp://127.0.0.1:0");
    int port = door.tcpPort();
    assertEquals(200, status(port, "localhost:" + port, ""));
    assertEquals(200, status(port, "127.0.0.1", ""));
    assertEquals(200, status(port, "[::1]:2375", ""));
    assertEquals(403, status(port, "rebound.example", ""));
    assertEquals(403, status(port, "127.0.0.1.rebound.example", ""));
    assertEquals(403, status(port, "localhost", "Origin: https://page.example\r\n"));
    door.close();
  }

  @Test
  void streamsEndWithTheDoor() throws Exception {
    FakeEngine engine = new FakeEngine();
    RestDoor door = open(engine, "unix://" + socket());
    try (TestClient client = new TestClient(socket())) {
      client.request("GET", "/events").readUntil("\r\n\r\n");
      door.close();
      assertEquals("", client.readToEnd());
    }
    assertEquals(List.of(), engine.events.sinks);
  }

  @Test
  void whenOneHostFailsNoneIsServed() throws Exception {
    assertThrows(
        EngineException.class,
        () -> open(new FakeEngine(), "unix://" + socket(), "unix://" + directory));
    assertFalse(Files.exists(socket()));
    long ours =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("gantry-rest"))
            .filter(Thread::isAlive)
            .count();
    assertEquals(0, ours);
  }
}
