// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.rest.internal.http.RouteTable;
import java.util.List;
import java.util.function.Supplier;

/** Every operation of the API, built or not. */
public final class Routes {
  private Routes() {}

  /**
   * @param labels of the engine
   */
  public static RouteTable all(Supplier<List<String>> labels) {
    RouteTable routes = new RouteTable();
    new SystemOperations(labels).register(routes);
    ContainerOperations.register(routes);
    return routes;
  }
}
