// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Archives go through to the engine as they come; JSON is limited. */
@SuppressWarnings("StringConcatToTextBlock") // the lines end with CR LF
class UploadTest {
  private static final String PROGRESS_HEAD =
      "HTTP/1.1 200 OK\r\nApi-Version: 1.50\r\nContent-Type: application/json\r\n"
          + "Docker-Experimental: false\r\nOstype: linux\r\nServer: Gantry/0.1.0 (linux)\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String LOADED =
      "31\r\n{\"stream\":\"Loaded image: bench/tools:latest\\n\"}\r\n\r\n";
  private RunningDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new RunningDoor();
  }

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private static String chunkedPost(String path) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n"
        + "Content-Type: application/x-tar\r\n\r\n";
  }

  private void awaitBytes(long count) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (door.engine.images.loadedBytes.get() < count) {
      assertTrue(System.nanoTime() < deadline, "got " + door.engine.images.loadedBytes);
      Thread.sleep(2);
    }
  }

  @Test
  void anArchiveIsReadWhileItIsSent() throws Exception {
    try (TestClient client = door.client()) {
      client.send(chunkedPost("/images/load?quiet=1") + "5\r\nfirst\r\n");
      awaitBytes(5);
      byte[] piece = new byte[1 << 20];
      for (int i = 0; i < 64; i++) {
        client.send("100000\r\n").send(piece).send("\r\n");
      }
      client.send("0\r\n\r\n");
      assertEquals(PROGRESS_HEAD + LOADED + "0\r\n\r\n", client.response());
    }
    assertEquals(5 + (64L << 20), door.engine.images.loadedBytes.get());
  }

  @Test
  void progressIsToldUnlessQuiet() throws Exception {
    try (TestClient client = door.client()) {
      client.send(chunkedPost("/images/load?quiet=0") + "1\r\nx\r\n0\r\n\r\n");
      String answer = client.response();
      assertTrue(answer.contains("\"status\":\"Loading layer\""), answer);
      assertTrue(answer.endsWith(LOADED + "0\r\n\r\n"), answer);
    }
  }

  @Test
  void aFailedLoadIsToldInBand() throws Exception {
    door.engine.images.loadFailure = EngineException.invalid("no manifest.json");
    try (TestClient client = door.client()) {
      client.send(chunkedPost("/images/load") + "1\r\nx\r\n0\r\n\r\n");
      assertEquals(
          PROGRESS_HEAD
              + "4B\r\n{\"errorDetail\":{\"message\":\"no manifest.json\"},"
              + "\"error\":\"no manifest.json\"}\r\n\r\n0\r\n\r\n",
          client.response());
      assertTrue(client.request("GET", "/_ping").response().endsWith("OK"));
    }
  }

  @Test
  void anImportAnswersWithTheImage() throws Exception {
    try (TestClient client = door.client()) {
      client.send(
          chunkedPost("/images/create?fromSrc=-&repo=imp&tag=1&message=m") + "1\r\nx\r\n0\r\n\r\n");
      assertEquals(
          PROGRESS_HEAD + "56\r\n{\"status\":\"" + FakeImages.ID + "\"}\r\n\r\n0\r\n\r\n",
          client.response());
    }
    try (TestClient client = door.client()) {
      client.send(chunkedPost("/images/create?fromSrc=-&changes=NOPE") + "1\r\nx\r\n0\r\n\r\n");
      String answer = client.response();
      assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
      assertTrue(answer.endsWith("{\"message\":\"nope is not a valid change command\"}\n"), answer);
    }
  }

  @Test
  void aPullIsRefused() throws Exception {
    String answer = door.raw("POST", "/images/create?fromImage=busybox&tag=latest");
    assertTrue(answer.startsWith("HTTP/1.1 501 Not Implemented\r\n"), answer);
  }

  @Test
  void whatIsNotBuiltIsRefusedBeforeItsBodyIsRead() throws Exception {
    try (TestClient client = door.client()) {
      client.send(chunkedPost("/build?t=x") + "5\r\nfirst\r\n");
      String head = client.readUntil("\r\n\r\n");
      assertTrue(head.startsWith("HTTP/1.1 501 Not Implemented\r\n"), head);
      client.readUntil("building an image is not supported by this version of Gantry");
    }
    assertTrue(door.raw("GET", "/images/busybox/json?platform=x").startsWith("HTTP/1.1 501"));
  }

  @Test
  void jsonBeyondTheLimitIsRefused() throws Exception {
    int tooMuch = 9 << 20;
    try (TestClient client = door.client()) {
      client.send(
          "POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Type: application/json\r\n"
              + "Content-Length: "
              + tooMuch
              + "\r\n\r\n");
      assertTrue(client.readUntil("\r\n").startsWith("HTTP/1.1 413 "));
    }
    try (TestClient client = door.client()) {
      client.send(chunkedPost("/containers/create").replace("x-tar", "json"));
      byte[] piece = new byte[1 << 20];
      try {
        for (int i = 0; i < 9; i++) {
          client.send("100000\r\n").send(piece).send("\r\n");
        }
      } catch (IOException e) {
        // the answer came before the end, and the connection with it to its end
        assertTrue(e.getMessage().matches("Broken pipe|Connection reset.*"), e.getMessage());
      }
      assertTrue(client.readUntil("\r\n").startsWith("HTTP/1.1 413 "));
    }
  }

  @Test
  void aChunkedBodyIsReadWhole() throws Exception {
    try (TestClient client = door.client()) {
      client.send(chunkedPost("/containers/create?name=c").replace("x-tar", "json"));
      client.send("11\r\n{\"Image\":\"busybox\r\n");
      Thread.sleep(50);
      client.send("2\r\n\"}\r\n0\r\n\r\n");
      assertTrue(client.response().startsWith("HTTP/1.1 201 Created\r\n"));
    }
  }
}
