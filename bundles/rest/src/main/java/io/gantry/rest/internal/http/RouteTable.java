// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.http;

import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.http.Route.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All routes. The first that matches in the order of registration is taken. */
public final class RouteTable {
  private final List<Route> routes = new ArrayList<>();
  private final Map<String, List<Route>> byStart = new HashMap<>();

  /** A route and the variables of its template. */
  public record Match(Route route, Map<String, String> variables) {}

  public RouteTable on(String method, String template, Operation operation) {
    return add(new Route(method, template, Work.SHORT, operation));
  }

  public RouteTable on(String method, String template, Work work, Operation operation) {
    return add(new Route(method, template, work, operation));
  }

  /** An operation of the API that is not built: it is refused, never taken for something else. */
  public RouteTable unbuilt(String method, String template, String what) {
    return on(
        method,
        template,
        Work.NONE,
        exchange -> {
          throw EngineException.unsupported(
              what
                  + " is not supported by this version of Gantry ("
                  + method
                  + " "
                  + template
                  + ")");
        });
  }

  private RouteTable add(Route route) {
    routes.add(route);
    byStart
        .computeIfAbsent(key(route.method(), route.template()), k -> new ArrayList<>())
        .add(route);
    return this;
  }

  private static String key(String method, String path) {
    int slash = path.indexOf('/', 1);
    return method + (slash < 0 ? path : path.substring(0, slash));
  }

  /** Null if there is none. */
  public Match find(String method, String path) {
    List<Route> candidates = byStart.get(key(method, path));
    if (candidates == null) {
      return null;
    }
    String[] segments = path.substring(1).split("/", -1);
    for (Route route : candidates) {
      Map<String, String> variables = route.match(segments);
      if (variables != null) {
        return new Match(route, variables);
      }
    }
    return null;
  }

  public List<Route> routes() {
    return List.copyOf(routes);
  }
}
