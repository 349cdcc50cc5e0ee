// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.rest.internal.http.RouteTable;

/** The operations of the API that are not built. Each is refused by its name. */
final class UnbuiltOperations {
  private static final String SWARM = "swarm mode";

  private UnbuiltOperations() {}

  static void register(RouteTable routes) {
    containers(routes);
    images(routes);
    networks(routes);
    system(routes);
    plugins(routes);
    swarm(routes);
  }

  private static void containers(RouteTable routes) {
    routes
        .unbuilt("GET", "/containers/{id}/changes", "listing the changes of a container")
        .unbuilt("GET", "/containers/{id}/export", "exporting a container")
        .unbuilt("GET", "/containers/{id}/stats", "statistics of a container")
        .unbuilt("POST", "/containers/{id}/update", "changing the limits of a container")
        .unbuilt("POST", "/containers/{id}/pause", "pausing a container")
        .unbuilt("POST", "/containers/{id}/unpause", "pausing a container")
        .unbuilt("GET", "/containers/{id}/attach/ws", "attaching through a web socket")
        .unbuilt("HEAD", "/containers/{id}/archive", "copying files from a container")
        .unbuilt("GET", "/containers/{id}/archive", "copying files from a container")
        .unbuilt("PUT", "/containers/{id}/archive", "copying files into a container")
        .unbuilt("GET", "/containers/{id}/checkpoints", "checkpoints")
        .unbuilt("POST", "/containers/{id}/checkpoints", "checkpoints")
        .unbuilt("DELETE", "/containers/{id}/checkpoints/{name}", "checkpoints");
  }

  private static void images(RouteTable routes) {
    routes
        .unbuilt("POST", "/images/{name...}/push", "pushing an image")
        .unbuilt("GET", "/images/search", "searching a registry")
        .unbuilt("GET", "/images/get", "saving images")
        .unbuilt("GET", "/images/{name...}/get", "saving an image")
        .unbuilt("POST", "/commit", "making an image from a container")
        .unbuilt("POST", "/build", "building an image")
        .unbuilt("POST", "/build/prune", "building an image")
        .unbuilt("POST", "/build/cancel", "building an image")
        .unbuilt("POST", "/session", "building an image with BuildKit")
        .unbuilt("POST", "/grpc", "building an image with BuildKit")
        .unbuilt("GET", "/distribution/{name...}/json", "asking a registry about an image");
  }

  private static void networks(RouteTable routes) {
    routes
        .unbuilt("POST", "/networks/create", "creating a network")
        .unbuilt("POST", "/networks/{id}/connect", "connecting a container to a network")
        .unbuilt("POST", "/networks/{id}/disconnect", "disconnecting a container from a network")
        .unbuilt("PUT", "/volumes/{name}", "changing a cluster volume");
  }

  private static void system(RouteTable routes) {
    routes
        .unbuilt("POST", "/auth", "logging in to a registry")
        .unbuilt("GET", "/system/df", "measuring what takes up the disk");
  }

  private static void plugins(RouteTable routes) {
    String plugins = "Docker's plugin mechanism; drivers are OSGi bundles here";
    routes
        .unbuilt("GET", "/plugins", plugins)
        .unbuilt("GET", "/plugins/privileges", plugins)
        .unbuilt("POST", "/plugins/pull", plugins)
        .unbuilt("POST", "/plugins/create", plugins)
        .unbuilt("GET", "/plugins/{name...}/json", plugins)
        .unbuilt("DELETE", "/plugins/{name...}", plugins)
        .unbuilt("POST", "/plugins/{name...}/enable", plugins)
        .unbuilt("POST", "/plugins/{name...}/disable", plugins)
        .unbuilt("POST", "/plugins/{name...}/upgrade", plugins)
        .unbuilt("POST", "/plugins/{name...}/push", plugins)
        .unbuilt("POST", "/plugins/{name...}/set", plugins);
  }

  private static void swarm(RouteTable routes) {
    routes
        .unbuilt("GET", "/swarm", SWARM)
        .unbuilt("POST", "/swarm/init", SWARM)
        .unbuilt("POST", "/swarm/join", SWARM)
        .unbuilt("POST", "/swarm/leave", SWARM)
        .unbuilt("POST", "/swarm/update", SWARM)
        .unbuilt("GET", "/swarm/unlockkey", SWARM)
        .unbuilt("POST", "/swarm/unlock", SWARM)
        .unbuilt("GET", "/nodes", SWARM)
        .unbuilt("GET", "/nodes/{id}", SWARM)
        .unbuilt("DELETE", "/nodes/{id}", SWARM)
        .unbuilt("POST", "/nodes/{id}/update", SWARM)
        .unbuilt("GET", "/services/{id}/logs", SWARM)
        .unbuilt("GET", "/tasks", SWARM)
        .unbuilt("GET", "/tasks/{id}", SWARM)
        .unbuilt("GET", "/tasks/{id}/logs", SWARM);
    for (String kind : new String[] {"services", "secrets", "configs"}) {
      routes
          .unbuilt("GET", "/" + kind, SWARM)
          .unbuilt("POST", "/" + kind + "/create", SWARM)
          .unbuilt("GET", "/" + kind + "/{id}", SWARM)
          .unbuilt("DELETE", "/" + kind + "/{id}", SWARM)
          .unbuilt("POST", "/" + kind + "/{id}/update", SWARM);
    }
  }
}
