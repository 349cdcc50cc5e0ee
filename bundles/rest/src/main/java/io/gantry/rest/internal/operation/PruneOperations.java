// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerState.Status;
import io.gantry.api.engine.Containers;
import io.gantry.api.engine.ImageDetails;
import io.gantry.api.engine.Images.Removal;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.GoTimestamps;
import io.gantry.rest.internal.http.Route.Work;
import io.gantry.rest.internal.http.RouteTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Removes what is not used any more, one by one, and passes over what comes into use meanwhile. */
final class PruneOperations {
  private static final Set<String> CONTAINER_FILTERS = Set.of("label", "label!", "until");
  private static final Set<String> IMAGE_FILTERS = Set.of("dangling", "label", "label!", "until");
  private static final Set<Status> ENDED = Set.of(Status.CREATED, Status.EXITED, Status.DEAD);

  private PruneOperations() {}

  static void register(RouteTable routes) {
    routes
        .on("POST", "/containers/prune", Work.WAITING, PruneOperations::containers)
        .on("POST", "/images/prune", Work.WAITING, PruneOperations::images);
  }

  private static Instant until(Filters filters) {
    List<String> until = filters.get("until");
    if (until.size() > 1) {
      throw EngineException.invalid("more than one until filter specified");
    }
    return until.isEmpty() ? Instant.MAX : GoTimestamps.parse(until.get(0), Instant.now());
  }

  private static boolean matches(Filters filters, Map<String, String> labels) {
    return filters.labels("label", labels) && filters.noLabels("label!", labels);
  }

  private static void containers(Exchange exchange) {
    Filters filters = Filters.of(exchange, CONTAINER_FILTERS);
    Instant until = until(filters);
    Containers containers = exchange.engine().containers();
    List<String> deleted = new ArrayList<>();
    long reclaimed = 0;
    for (ContainerDetails container : containers.list(true)) {
      boolean wanted =
          ENDED.contains(container.state().status())
              && container.created().isBefore(until)
              && matches(filters, container.spec().identity().labels());
      if (wanted) {
        try {
          long size = containers.sizes(container.id()).writable();
          containers.remove(container.id(), false, false);
          deleted.add(container.id());
          reclaimed += size;
        } catch (EngineException e) {
          passOver(e);
        }
      }
    }
    long total = reclaimed;
    exchange.answer(
        200,
        out ->
            out.object(
                () ->
                    out.stringsOrNull("ContainersDeleted", deleted)
                        .field("SpaceReclaimed", total)));
  }

  private static void images(Exchange exchange) {
    Filters filters = Filters.of(exchange, IMAGE_FILTERS);
    Instant until = until(filters);
    boolean danglingOnly = !Boolean.FALSE.equals(filters.bool("dangling"));
    Set<String> used =
        exchange.engine().containers().list(true).stream()
            .map(ContainerDetails::imageId)
            .collect(Collectors.toSet());
    List<Removal> removals = new ArrayList<>();
    long reclaimed = 0;
    for (ImageDetails image : exchange.engine().images().list()) {
      boolean wanted =
          !used.contains(image.id())
              && (image.repoTags().isEmpty() || !danglingOnly)
              && (image.created() == null || image.created().isBefore(until))
              && matches(filters, image.config() == null ? null : image.config().labels());
      if (wanted && remove(exchange, image, removals)) {
        reclaimed += image.size();
      }
    }
    long total = reclaimed;
    exchange.answer(
        200,
        out ->
            out.object(
                () -> {
                  if (removals.isEmpty()) {
                    out.nullField("ImagesDeleted");
                  } else {
                    ImageOperations.removals(out.name("ImagesDeleted"), removals);
                  }
                  out.field("SpaceReclaimed", total);
                }));
  }

  /** All names of the image, the last of which takes the image with it. */
  private static boolean remove(Exchange exchange, ImageDetails image, List<Removal> removals) {
    List<String> names = image.repoTags().isEmpty() ? List.of(image.id()) : image.repoTags();
    try {
      for (String name : names) {
        removals.addAll(exchange.engine().images().remove(name, false, true));
      }
      return true;
    } catch (EngineException e) {
      passOver(e);
      return false;
    }
  }

  private static void passOver(EngineException e) {
    if (e.kind() != ErrorKind.NOT_FOUND && e.kind() != ErrorKind.CONFLICT) {
      throw e;
    }
  }
}
