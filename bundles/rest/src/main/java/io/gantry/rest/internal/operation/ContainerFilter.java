// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerState.Status;
import io.gantry.api.engine.EngineView;
import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.GoNumbers;
import io.gantry.rest.internal.wire.ContainerStatus;
import io.gantry.rest.internal.wire.MalformedRequestException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The filters of {@code docker ps}. */
final class ContainerFilter implements Predicate<ContainerDetails> {
  private static final Set<String> ACCEPTED =
      Set.of(
          "ancestor",
          "before",
          "exited",
          "expose",
          "health",
          "id",
          "is-task",
          "isolation",
          "label",
          "name",
          "network",
          "publish",
          "since",
          "status",
          "volume");
  private static final Set<String> STATUSES =
      Stream.of(Status.values()).map(ContainerStatus::word).collect(Collectors.toUnmodifiableSet());
  private static final Set<String> HEALTH = Set.of("none", "starting", "healthy", "unhealthy");

  /** Nothing has a health check yet. */
  private static final String NO_HEALTH = "none";

  private final Filters filters;
  private final List<Integer> exitCodes;
  private final Set<String> imageIds;
  private final Instant before;
  private final Instant since;
  private final boolean none;

  private ContainerFilter(Filters filters, EngineView engine) {
    this.filters = filters;
    this.exitCodes = filters.get("exited").stream().map(GoNumbers::atoi).toList();
    for (String status : filters.get("status")) {
      if (!STATUSES.contains(status)) {
        throw Filters.invalid("status", status);
      }
    }
    for (String health : filters.get("health")) {
      if (!HEALTH.contains(health)) {
        throw EngineException.invalid("Unrecognised filter value for health: " + health);
      }
    }
    boolean tasks = Boolean.TRUE.equals(filters.bool("is-task"));
    this.before = created(filters, "before", engine);
    this.since = created(filters, "since", engine);
    this.imageIds = imageIds(filters, engine);
    // no container is a task of a swarm, and none has ports yet
    this.none = tasks || ports(filters, "publish") || ports(filters, "expose");
  }

  static ContainerFilter of(Exchange exchange) {
    return new ContainerFilter(Filters.of(exchange, ACCEPTED), exchange.engine());
  }

  private static boolean ports(Filters filters, String name) {
    for (String port : filters.get(name)) {
      String number = port.contains("/") ? port.substring(0, port.indexOf('/')) : port;
      for (String part : number.split("-", 2)) {
        if (part.isEmpty() || !part.chars().allMatch(Character::isDigit)) {
          throw new MalformedRequestException(
              "error while looking up for "
                  + name
                  + " "
                  + port
                  + ": strconv.ParseUint: parsing \""
                  + part
                  + "\": invalid syntax");
        }
      }
    }
    return filters.has(name);
  }

  private static Instant created(Filters filters, String name, EngineView engine) {
    if (!filters.has(name)) {
      return null;
    }
    String container = filters.get(name).get(0);
    try {
      return engine.containers().inspect(container).created();
    } catch (EngineException e) {
      throw new MalformedRequestException("no such container " + container);
    }
  }

  private static Set<String> imageIds(Filters filters, EngineView engine) {
    Set<String> ids = new HashSet<>();
    for (String image : filters.get("ancestor")) {
      try {
        ids.add(engine.images().inspect(image).id());
      } catch (EngineException e) {
        // an unknown image is nobody's ancestor
      }
    }
    return ids;
  }

  /** Asking for a status means containers that do not run as well. */
  boolean impliesAll() {
    return filters.has("status");
  }

  @Override
  public boolean test(ContainerDetails container) {
    return !none
        && filters.pattern("id", container.id())
        && name(container.name())
        && filters.labels("label", container.spec().identity().labels())
        && filters.exact("status", ContainerStatus.word(container.state().status()))
        && filters.exact("health", NO_HEALTH)
        && filters.exact("isolation", "")
        && exited(container)
        && (before == null || container.created().isBefore(before))
        && (since == null || container.created().isAfter(since))
        && (!filters.has("ancestor") || imageIds.contains(container.imageId()))
        && volume(container)
        && network(container);
  }

  private boolean name(String name) {
    return filters.pattern("name", name) || filters.pattern("name", "/" + name);
  }

  private boolean exited(ContainerDetails container) {
    return exitCodes.isEmpty()
        || (!container.state().running()
            && container.state().startedAt() != null
            && exitCodes.contains(container.state().exitCode()));
  }

  private boolean volume(ContainerDetails container) {
    return !filters.has("volume")
        || container.mounts().stream()
            .anyMatch(
                mount ->
                    filters.exact("volume", mount.name())
                        || filters.exact("volume", mount.destination()));
  }

  private boolean network(ContainerDetails container) {
    return !filters.has("network")
        || container.endpoints().stream()
            .anyMatch(
                endpoint ->
                    filters.exact("network", endpoint.network())
                        || filters.exact("network", endpoint.networkId()));
  }
}
