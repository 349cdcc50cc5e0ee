// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import io.gantry.rest.internal.operation.EngineFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The API on a socket of its own, before an engine in memory. */
final class RunningDoor {
  final FakeEngine engine = new FakeEngine();
  final Path directory;
  final Path socket;
  final RestDoor door;

  RunningDoor() throws Exception {
    directory = Files.createTempDirectory("rest");
    socket = directory.resolve("s.sock");
    door =
        new RestDoor(
            engine,
            List.of("unix://" + socket),
            "",
            "0.1.0",
            new EngineFacts(() -> List.of("a=b"), () -> "overlay2"));
  }

  TestClient client() throws Exception {
    return new TestClient(socket);
  }

  /** Sends one request and returns the answer as it came, without the date. */
  String raw(String method, String path) throws Exception {
    return raw(method, path, "", null);
  }

  String raw(String method, String path, String headers, String body) throws Exception {
    try (TestClient client = client()) {
      return client.request(method, path, headers, body).response();
    }
  }

  String body(String method, String path) throws Exception {
    try (TestClient client = client()) {
      return client.request(method, path).body();
    }
  }

  void close() throws Exception {
    door.close();
    try (var left = Files.list(directory)) {
      List<Path> files = left.toList();
      if (!files.isEmpty()) {
        throw new AssertionError("left behind: " + files);
      }
    }
    Files.delete(directory);
  }
}
