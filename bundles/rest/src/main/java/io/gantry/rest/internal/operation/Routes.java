// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.rest.internal.http.RouteTable;

/** Every operation of the API, built or not. */
public final class Routes {
  private Routes() {}

  public static RouteTable all(EngineFacts facts) {
    RouteTable routes = new RouteTable();
    new SystemOperations(facts.labels()).register(routes);
    ContainerOperations.register(routes);
    ContainerStreams.register(routes);
    ExecOperations.register(routes);
    new ImageOperations(facts.storageDriver()).register(routes);
    ImageUploads.register(routes);
    VolumeOperations.register(routes);
    NetworkOperations.register(routes);
    PruneOperations.register(routes);
    EventOperations.register(routes);
    UnbuiltOperations.register(routes);
    return routes;
  }
}
