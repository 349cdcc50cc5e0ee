// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Heads and bodies of plain answers are those that dockerd 20.10 gave, byte for byte. */
@SuppressWarnings("StringConcatToTextBlock") // the lines end with CR LF
class RoutingTest {
  private static final String COMMON =
      "Docker-Experimental: false\r\nOstype: linux\r\nServer: Gantry/0.1.0 (linux)\r\n";
  private RunningDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new RunningDoor();
  }

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private static String json(String status, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\nApi-Version: 1.50\r\nContent-Type: application/json\r\n"
        + COMMON
        + "Content-Length: "
        + (body.length() + 1)
        + "\r\n\r\n"
        + body
        + "\n";
  }

  private static String ping(int length) {
    return "HTTP/1.1 200 OK\r\nApi-Version: 1.50\r\n"
        + "Cache-Control: no-cache, no-store, must-revalidate\r\n"
        + "Content-Type: text/plain; charset=utf-8\r\n"
        + "Docker-Experimental: false\r\nOstype: linux\r\nPragma: no-cache\r\n"
        + "Server: Gantry/0.1.0 (linux)\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  @Test
  void pingTellsWhatClientsNeed() throws Exception {
    assertEquals(ping(2) + "OK", door.raw("GET", "/_ping"));
    assertEquals(ping(0), door.raw("HEAD", "/v1.50/_ping"));
  }

  @Test
  void aPathThatIsNone() throws Exception {
    String expected =
        "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 29\r\n\r\n"
            + "{\"message\":\"page not found\"}\n";
    assertEquals(expected, door.raw("GET", "/nope"));
    assertEquals(expected, door.raw("GET", "/"));
    assertEquals(expected, door.raw("GET", "/v1.41/nope"));
    assertEquals(expected, door.raw("GET", "/vfoo/containers/json"));
    assertEquals(expected, door.raw("PUT", "/containers/json"));
    assertEquals(expected, door.raw("GET", "/containers/json/"));
  }

  @Test
  void aDoubledSlashIsCleaned() throws Exception {
    assertEquals(
        "HTTP/1.1 301 Moved Permanently\r\nLocation: /containers/json\r\nContent-Length: 0\r\n\r\n",
        door.raw("GET", "/containers//json"));
  }

  @Test
  void versionsBeyondTheRange() throws Exception {
    assertEquals(
        "HTTP/1.1 400 Bad Request\r\nApi-Version: 1.50\r\nContent-Type: application/json\r\n"
            + "Ostype: linux\r\nServer: Gantry/0.1.0 (linux)\r\nContent-Length: 84\r\n\r\n"
            + "{\"message\":\"client version 1.51 is too new."
            + " Maximum supported API version is 1.50\"}\n",
        door.raw("GET", "/v1.51/containers/json"));
    assertEquals(
        "HTTP/1.1 400 Bad Request\r\nApi-Version: 1.50\r\n"
            + "Content-Type: text/plain; charset=utf-8\r\nOstype: linux\r\n"
            + "Server: Gantry/0.1.0 (linux)\r\nX-Content-Type-Options: nosniff\r\n"
            + "Content-Length: 117\r\n\r\n"
            + "client version 1.23 is too old. Minimum supported API version is 1.24,"
            + " please upgrade your client to a newer version\n",
        door.raw("GET", "/v1.23/containers/json"));
    assertTrue(door.raw("GET", "/v1.24/containers/json").startsWith("HTTP/1.1 200 OK"));
  }

  @Test
  void errorsOfTheEngine() throws Exception {
    assertEquals(
        json("404 Not Found", "{\"message\":\"No such container: nope\"}"),
        door.raw("GET", "/containers/nope/json"));
    assertEquals(
        json("400 Bad Request", "{\"message\":\"Invalid filter 'foo'\"}"),
        door.raw("GET", "/containers/json?filters=%7B%22foo%22:%5B%22x%22%5D%7D"));
  }

  @Test
  void badValuesAreFaultsInOldVersions() throws Exception {
    String message = "{\"message\":\"strconv.Atoi: parsing \\\"x\\\": invalid syntax\"}";
    assertEquals(
        json("500 Internal Server Error", message),
        door.raw("GET", "/v1.41/containers/json?limit=x"));
    assertEquals(json("400 Bad Request", message), door.raw("GET", "/containers/json?limit=x"));
    assertEquals(
        json("400 Bad Request", "{\"message\":\"invalid URL escape \\\"%zz\\\"\"}"),
        door.raw("GET", "/containers/json?all=%zz"));
  }

  @Test
  void theCallerIsWhoTheKernelSays() throws Exception {
    door.raw("GET", "/version");
    assertEquals("unix", door.engine.callers.get(0).door());
    assertEquals(System.getProperty("user.name"), door.engine.callers.get(0).name());
  }
}
