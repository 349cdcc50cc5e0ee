// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.gantry.rest.internal.http.Route;
import io.gantry.rest.internal.http.RouteTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every operation in the description of the API has a route, and there are no others. */
class SwaggerRoutesTest {
  /** Served by dockerd though the description does not say so. */
  private static final Set<String> UNDESCRIBED =
      Set.of(
          "GET /networks/",
          "GET /containers/{}/checkpoints",
          "POST /containers/{}/checkpoints",
          "DELETE /containers/{}/checkpoints/{}",
          "POST /build/cancel",
          "POST /grpc");

  private final RouteTable table = Routes.all(new EngineFacts(List::of, () -> ""));

  private static Set<String> described() throws IOException {
    Set<String> operations = new TreeSet<>();
    try (InputStream in =
        SwaggerRoutesTest.class.getResourceAsStream("/engine-api/operations.txt")) {
      for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
        if (!line.isEmpty() && !line.startsWith("#")) {
          operations.add(line.replaceAll("\\{[^}]*}", "{}"));
        }
      }
    }
    return operations;
  }

  @Test
  void everyOperationHasARoute() throws Exception {
    Set<String> routes = new TreeSet<>();
    for (Route route : table.routes()) {
      String operation = route.method() + " " + route.template().replaceAll("\\{[^}]*}", "{}");
      assertEquals(true, routes.add(operation), operation + " has two routes");
    }
    Set<String> expected = described();
    assertFalse(expected.isEmpty());
    expected.addAll(UNDESCRIBED);
    assertEquals(expected, routes);
  }

  /** An earlier template must not take the paths of a later one. */
  @Test
  void noRouteIsHiddenByAnother() {
    for (Route route : table.routes()) {
      String path =
          route.template().replaceAll("\\{[^}]*\\.\\.\\.}", "a/b").replaceAll("\\{[^}]*}", "a");
      Route found = table.find(route.method(), path).route();
      assertEquals(route.template(), found.template());
    }
  }
}
