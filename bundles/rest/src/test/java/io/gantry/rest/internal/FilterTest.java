// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The filters of lists. */
class FilterTest {
  private static final Pattern NAME = Pattern.compile("\"Names\":\\[\"/([^\"]*)\"]");
  private RunningDoor door;

  @BeforeEach
  void open() throws Exception {
    door = new RunningDoor();
    create(1, "web-1", "\"Labels\":{\"tier\":\"front\"}");
    create(2, "web-2", "\"Labels\":{\"tier\":\"back\",\"x\":\"\"}");
    create(3, "job", "\"Cmd\":[\"echo\"]");
    door.raw("POST", "/containers/web-1/start");
    door.raw("POST", "/containers/job/start");
  }

  @AfterEach
  void close() throws Exception {
    door.close();
  }

  private void create(int second, String name, String config) throws Exception {
    door.engine.containers.created = Instant.ofEpochSecond(second);
    String answer =
        door.raw(
            "POST",
            "/containers/create?name=" + name,
            "",
            "{\"Image\":\"busybox\"," + config + "}");
    assertTrue(answer.startsWith("HTTP/1.1 201"), answer);
  }

  private String get(String path, String filters) throws Exception {
    String encoded = URLEncoder.encode(filters, StandardCharsets.UTF_8);
    return door.raw("GET", path + "filters=" + encoded);
  }

  private List<String> all(String filters) throws Exception {
    return names(get("/containers/json?all=1&", filters));
  }

  private static List<String> names(String answer) {
    List<String> names = new ArrayList<>();
    Matcher matcher = NAME.matcher(answer);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    names.sort(null);
    return names;
  }

  @Test
  void containersByWhatTheyAre() throws Exception {
    assertEquals(List.of("job", "web-1", "web-2"), all("{}"));
    assertEquals(List.of("web-1", "web-2"), all("{\"name\":[\"web\"]}"));
    assertEquals(List.of("web-1"), all("{\"name\":[\"^/web-1$\"]}"));
    assertEquals(List.of("job", "web-2"), all("{\"name\":[\"job\",\"2$\"]}"));
    assertEquals(List.of("web-1", "web-2"), all("{\"label\":[\"tier\"]}"));
    assertEquals(List.of("web-2"), all("{\"label\":[\"tier=back\",\"x\"]}"));
    assertEquals(List.of(), all("{\"label\":[\"tier=front\",\"x\"]}"));
    assertEquals(List.of("job", "web-1", "web-2"), all("{\"ancestor\":[\"busybox:latest\"]}"));
    assertEquals(List.of(), all("{\"ancestor\":[\"nope\"]}"));
    assertEquals(List.of(), all("{\"is-task\":[\"true\"]}"));
    assertEquals(List.of(), all("{\"publish\":[\"80\"]}"));
    assertEquals(List.of(), all("{\"volume\":[\"v\"]}"));
  }

  @Test
  void containersByTheirState() throws Exception {
    assertEquals(List.of("web-1"), names(get("/containers/json?", "{}")));
    assertEquals(List.of("web-2"), names(get("/containers/json?", "{\"status\":[\"created\"]}")));
    assertEquals(List.of("job", "web-1"), all("{\"status\":{\"running\":true,\"exited\":true}}"));
    assertEquals(List.of("job"), all("{\"exited\":[\"0\"]}"));
    assertEquals(List.of(), all("{\"exited\":[\"1\"]}"));
    assertEquals(List.of("job", "web-1", "web-2"), all("{\"health\":[\"none\"]}"));
    assertEquals(List.of(), all("{\"health\":[\"healthy\"]}"));
  }

  @Test
  void containersByAge() throws Exception {
    assertEquals(List.of("web-1"), all("{\"before\":[\"web-2\"]}"));
    assertEquals(List.of("job"), all("{\"since\":[\"web-2\"]}"));
    assertEquals(1, names(get("/containers/json?limit=1&", "{}")).size());
  }

  @Test
  void images() throws Exception {
    assertTrue(
        get("/images/json?", "{\"reference\":[\"busy*\"]}").contains("[\"busybox:latest\"]"));
    assertTrue(
        get("/images/json?", "{\"reference\":[\"*/busybox\"]}")
            .contains("[\"bench/busybox:latest\"]"));
    assertTrue(get("/images/json?", "{\"reference\":[\"busybox:1\"]}").endsWith("[]\n"));
    assertTrue(get("/images/json?", "{\"dangling\":[\"true\"]}").endsWith("[]\n"));
    assertTrue(get("/images/json?", "{\"before\":[\"busybox\"]}").endsWith("[]\n"));
  }

  @Test
  void prunesTakeWhatEnded() throws Exception {
    String until = URLEncoder.encode("{\"until\":[\"1h\"]}", StandardCharsets.UTF_8);
    String pruned = door.raw("POST", "/containers/prune?filters=" + until);
    assertTrue(pruned.contains("\"ContainersDeleted\":[\""), pruned);
    assertEquals(List.of("web-1"), all("{}"));
    String images = door.raw("POST", "/images/prune");
    assertTrue(images.endsWith("{\"ImagesDeleted\":null,\"SpaceReclaimed\":0}\n"), images);
  }

  @Test
  void volumePrunesChangedWithTheVersion() throws Exception {
    door.raw("POST", "/volumes/create", "", "{\"Name\":\"named\"}");
    door.raw("POST", "/volumes/create", "", "{}");
    assertTrue(door.raw("POST", "/volumes/prune").contains("[\"made-up\"]"));
    assertTrue(door.raw("POST", "/v1.41/volumes/prune").contains("[\"named\"]"));
  }
}
