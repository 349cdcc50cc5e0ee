// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.event.Event;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.stream.StreamType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events, logs and wait: endless answers over HTTP. */
@SuppressWarnings("StringConcatToTextBlock") // the lines end with CR LF
class StreamingTest {
  private static final String EVENTS_HEAD =
      "HTTP/1.1 200 OK\r\nApi-Version: 1.50\r\nContent-Type: application/json\r\n"
          + "Docker-Experimental: false\r\nOstype: linux\r\nServer: Gantry/0.1.0 (linux)\r\n"
          + "Transfer-Encoding: chunked\r\n\r\n";
  private RunningDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new RunningDoor();
  }

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadline, "waited in vain");
      Thread.sleep(2);
    }
  }

  private static String withoutDate(String head) {
    return head.replaceFirst("Date: [^\r]*\r\n", "");
  }

  private static Event event(String action) {
    return new Event("container", action, "abc", Map.of("name", "c", "image", "i"), 1_000_000_002L);
  }

  private void create(String name, String config) throws Exception {
    String answer =
        door.raw(
            "POST", "/containers/create?name=" + name, "", "{\"Image\":\"busybox\"" + config + "}");
    assertTrue(answer.startsWith("HTTP/1.1 201"), answer);
  }

  @Test
  void eventsComeAsTheyHappenAndHeadersAtOnce() throws Exception {
    try (TestClient client = door.client()) {
      client.request("GET", "/events");
      assertEquals(EVENTS_HEAD, withoutDate(client.readUntil("\r\n\r\n")));
      door.engine.events.publish(event("start"));
      String json =
          "{\"status\":\"start\",\"id\":\"abc\",\"from\":\"i\",\"Type\":\"container\","
              + "\"Action\":\"start\",\"Actor\":{\"ID\":\"abc\",\"Attributes\":{\"image\":\"i\","
              + "\"name\":\"c\"}},\"scope\":\"local\",\"time\":1,\"timeNano\":1000000002}\n";
      assertEquals(
          Integer.toHexString(json.length()) + "\r\n" + json + "\r\n", client.readUntil("\n\r\n"));
    }
    await(door.engine.events.sinks::isEmpty);
  }

  @Test
  void eventsAreFiltered() throws Exception {
    try (TestClient client = door.client()) {
      client.request("GET", "/events?filters={\"event\":[\"exec_start\"]}".replace("\"", "%22"));
      client.readUntil("\r\n\r\n");
      door.engine.events.publish(event("start"));
      door.engine.events.publish(event("exec_start: sh"));
      assertTrue(client.readUntil("\n\r\n").contains("\"Action\":\"exec_start: sh\""));
    }
  }

  @Test
  void aConnectionServesFurtherRequestsAfterAStream() throws Exception {
    door.engine.events.kept.add(event("start"));
    try (TestClient client = door.client()) {
      for (int i = 0; i < 3; i++) {
        client.request("GET", "/events?since=0&until=1");
        String stream = client.response();
        assertTrue(stream.contains("\"Action\":\"start\""), stream);
        assertTrue(client.request("GET", "/_ping").response().endsWith("OK"));
      }
    }
  }

  @Test
  void aRequestThatCameEarlyIsServedAfterTheStream() throws Exception {
    create("c", ",\"Cmd\":[\"sleep\"]");
    door.raw("POST", "/containers/c/start");
    try (TestClient client = door.client()) {
      client.request("POST", "/containers/c/wait").readUntil("\r\n\r\n");
      client.request("GET", "/_ping");
      Thread.sleep(50);
      door.engine.containers.process("c").end(7);
      assertEquals(
          "10\r\n{\"StatusCode\":7}\n\r\n0\r\n\r\n".replace("10\r", "11\r"),
          client.readUntil("0\r\n\r\n"));
      assertTrue(client.response().endsWith("OK"));
    }
  }

  @Test
  void oldClientsEndAStreamByClosing() throws Exception {
    door.engine.events.kept.add(event("start"));
    try (TestClient client = door.client()) {
      client.send("GET /events?since=0&until=1 HTTP/1.0\r\nHost: d\r\n\r\n");
      String all = client.readToEnd();
      assertTrue(all.contains("Connection: close\r\n\r\n{\"status\":\"start\""), all);
    }
  }

  @Test
  void waitTellsOfTheEndInTheWordsOfItsVersion() throws Exception {
    create("c", ",\"Cmd\":[\"echo\"]");
    door.raw("POST", "/containers/c/start");
    assertTrue(
        door.raw("POST", "/v1.41/containers/c/wait")
            .endsWith("1e\r\n{\"Error\":null,\"StatusCode\":0}\n\r\n0\r\n\r\n"));
    assertTrue(
        door.raw("POST", "/v1.29/containers/c/wait")
            .endsWith("Content-Length: 30\r\n\r\n{\"Error\":null,\"StatusCode\":0}\n"));
    assertTrue(
        door.raw("POST", "/containers/c/wait?condition=foo")
            .endsWith("{\"message\":\"invalid condition: \\\"foo\\\"\"}\n"));
    assertTrue(door.raw("POST", "/containers/nope/wait").startsWith("HTTP/1.1 404"));
  }

  private static LogEntry entry(StreamType type, String line, boolean complete) {
    return new LogEntry(
        type, 1_795_521_837_036_720_257L, line.getBytes(StandardCharsets.UTF_8), complete);
  }

  @Test
  void logsAreFramedLineByLine() throws Exception {
    create(
        "c",
        ",\"Labels\":{\"x\":\"y z\"},\"HostConfig\":{\"LogConfig\":{\"Config\":{\"labels\":\"x\"}}}");
    door.engine.containers.logs.put(
        "c",
        List.of(
            entry(StreamType.STDOUT, "hi", true),
            entry(StreamType.STDERR, "par", false),
            entry(StreamType.STDERR, "tial", true)));
    String logs = door.raw("GET", "/v1.41/containers/c/logs?stdout=1&stderr=1");
    assertEquals(
        "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\n".replace("1.41", "1.50")
            + "Docker-Experimental: false\r\nOstype: linux\r\nServer: Gantry/0.1.0 (linux)\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n23\r\n"
            + "\1\0\0\0\0\0\0\3hi\n\2\0\0\0\0\0\0\3par\2\0\0\0\0\0\0\5tial\n\r\n0\r\n\r\n",
        logs);
    String detailed = door.raw("GET", "/containers/c/logs?stdout=1&timestamps=1&details=1");
    assertTrue(detailed.contains("2026-11-24T12:03:57.036720257Z x=y+z hi\n"), detailed);
    assertTrue(detailed.contains("application/vnd.docker.multiplexed-stream"), detailed);
  }

  @Test
  void logsTakeTheirRange() throws Exception {
    create("c", "");
    door.raw("GET", "/containers/c/logs?stdout=1&since=1.5&until=2.000000001&tail=7");
    var query = door.engine.containers.logRequests.get(0).query();
    assertEquals(1_500_000_000L, query.sinceNanos());
    assertEquals(2_000_000_001L, query.untilNanos());
    assertEquals(7, query.tail());
    assertTrue(
        door.raw("GET", "/v1.41/containers/c/logs?stdout=1&since=x")
            .endsWith("{\"message\":\"strconv.ParseInt: parsing \\\"x\\\": invalid syntax\"}\n"));
    assertTrue(
        door.raw("GET", "/containers/c/logs")
            .endsWith("{\"message\":\"Bad parameters: you must choose at least one stream\"}\n"));
  }

  @Test
  void followedLogsEndWithTheClient() throws Exception {
    create("c", "");
    try (TestClient client = door.client()) {
      client.request("GET", "/containers/c/logs?stdout=1&follow=1").readUntil("\r\n\r\n");
      await(() -> door.engine.containers.followers.size() == 1);
      door.engine
          .containers
          .followers
          .get(0)
          .write(List.of(entry(StreamType.STDOUT, "more", true)));
      client.readUntil("more\n");
    }
    await(door.engine.containers.followers::isEmpty);
  }

  private static long threadsWithin(String place) {
    return Thread.getAllStackTraces().values().stream()
        .filter(stack -> List.of(stack).toString().contains(place))
        .count();
  }

  @Test
  void twoThousandIdleStreamsHaveNoThread() throws Exception {
    door.raw("GET", "/_ping");
    int before = Thread.getAllStackTraces().size();
    List<TestClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 2000; i++) {
        TestClient client = door.client();
        clients.add(client);
        client.request("GET", "/events");
        if (i % 100 == 99) {
          client.readUntil("\r\n\r\n");
        }
      }
      await(() -> door.engine.events.sinks.size() == 2000);
      // the pool of Jetty's may have grown to serve the burst, and no further
      int threads = Thread.getAllStackTraces().size();
      assertTrue(threads <= before + 64, "threads: " + threads);
      await(() -> threadsWithin("EventOperations") == 0);
      door.engine.events.publish(event("start"));
      for (TestClient client : clients) {
        client.readUntil("\"timeNano\"");
      }
    } finally {
      for (TestClient client : clients) {
        client.close();
      }
    }
    await(door.engine.events.sinks::isEmpty);
  }
}
