// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gantry.itests.harness.NetworkSandbox;
import io.gantry.itests.harness.RawConnection;
import io.gantry.itests.harness.Shell;
import io.gantry.itests.harness.TestEngine;
import io.gantry.itests.harness.TestImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * An engine that answers cases, each from the same clean state: the test images and nothing else.
 */
final class EngineUnderTest implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final NetworkSandbox network;
  private final TestEngine engine;
  private final TestImages images;
  private final Path work;
  private int cases;

  EngineUnderTest(TestEngine.Kind kind, String name, Path directory, TestImages images)
      throws IOException {
    this.images = images;
    work = Files.createDirectories(directory.resolve("w" + name));
    network = new NetworkSandbox("gantry-" + name);
    engine =
        new TestEngine(kind, directory.resolve(name), network, List.of("--bip", "172.17.0.1/16"));
    engine.start();
    images.loadInto(engine);
  }

  /** What came, byte for byte, and how to make it comparable. */
  record Answer(String raw, UnaryOperator<String> normaliser) {
    String normalised() {
      return normaliser.apply(raw);
    }
  }

  /** Runs a case. */
  Answer answer(OracleCase each) throws IOException {
    Path directory = Files.createDirectories(work.resolve(Integer.toString(++cases)));
    String answer;
    if (each.onTheWire()) {
      try (WireSteps steps = new WireSteps(engine.socket(), directory, images.directory())) {
        answer = steps.run(each.lines());
      }
    } else {
      Shell.Outcome outcome =
          Script.run(
              String.join("\n", each.lines()), engine.socket(), directory, images.directory());
      answer =
          "--- stdout\n%s--- stderr\n%s--- exit %d\n"
              .formatted(outcome.stdout(), outcome.stderr(), outcome.exitCode());
    }
    clean();
    Map<String, String> roots = new LinkedHashMap<>();
    roots.put(directory.toString(), "<work>");
    roots.put(images.directory().toString(), "<images>");
    roots.put(engine.root().toString(), "<root>");
    return new Answer(answer, text -> new Normaliser(roots, images.digests()).apply(text));
  }

  private void clean() throws IOException {
    for (JsonNode container : get("/containers/json?all=1")) {
      delete("/containers/" + container.path("Id").asText() + "?force=1&v=1");
    }
    for (JsonNode volume : get("/volumes").path("Volumes")) {
      delete("/volumes/" + volume.path("Name").asText() + "?force=1");
    }
    for (JsonNode image : get("/images/json")) {
      for (JsonNode tag : image.path("RepoTags")) {
        String name = tag.asText();
        if (name.equals("<none>:<none>")) {
          delete("/images/" + image.path("Id").asText() + "?force=1");
        } else if (!name.equals("busybox:latest") && !name.startsWith("t/")) {
          delete("/images/" + name + "?force=1");
        }
      }
    }
  }

  private JsonNode get(String path) throws IOException {
    return JSON.readTree(request("GET", path));
  }

  private void delete(String path) throws IOException {
    request("DELETE", path);
  }

  private String request(String method, String path) throws IOException {
    try (RawConnection connection = new RawConnection(engine.socket(), Duration.ofSeconds(30))) {
      connection.send(method + " /v1.41" + path + " HTTP/1.0\r\nHost: d\r\n\r\n");
      String response = connection.readToEnd();
      return response.substring(response.indexOf("\r\n\r\n") + 4);
    }
  }

  @Override
  public void close() {
    try {
      engine.close();
    } finally {
      network.close();
    }
  }
}
