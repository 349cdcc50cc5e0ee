// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.Volumes.PruneResult;
import io.gantry.api.engine.Volumes.VolumeDetails;
import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.Route.Work;
import io.gantry.rest.internal.http.RouteTable;
import io.gantry.rest.internal.wire.Fields;
import io.gantry.rest.internal.wire.VolumeJson;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Volumes. */
final class VolumeOperations {
  private static final Set<String> LIST_FILTERS = Set.of("dangling", "driver", "label", "name");
  private static final Set<String> PRUNE_FILTERS = Set.of("label", "label!");
  private static final Set<String> PRUNE_FILTERS_WITH_ALL = Set.of("label", "label!", "all");

  /** From here on a prune takes anonymous volumes alone unless told to take all. */
  private static final int ANONYMOUS_PRUNE = 42;

  private VolumeOperations() {}

  static void register(RouteTable routes) {
    routes
        .on("GET", "/volumes", VolumeOperations::list)
        .on("GET", "/volumes/{name...}", VolumeOperations::inspect)
        .on("POST", "/volumes/create", VolumeOperations::create)
        .on("POST", "/volumes/prune", Work.WAITING, VolumeOperations::prune)
        .on("DELETE", "/volumes/{name...}", Work.WAITING, VolumeOperations::remove);
  }

  private static void list(Exchange exchange) {
    Filters filters = Filters.of(exchange, LIST_FILTERS);
    Boolean dangling = filters.bool("dangling");
    List<VolumeDetails> volumes =
        exchange.engine().volumes().list().stream()
            .filter(volume -> dangling == null || dangling == (volume.referenceCount() == 0))
            .filter(volume -> filters.exact("driver", volume.driver()))
            .filter(volume -> filters.labels("label", volume.labels()))
            .filter(volume -> filters.pattern("name", volume.name()))
            .sorted(Comparator.comparing(VolumeDetails::name))
            .toList();
    exchange.answer(
        200,
        out ->
            out.object(
                () ->
                    out.array("Volumes", volumes, volume -> VolumeJson.write(out, volume))
                        .nullField("Warnings")));
  }

  private static void inspect(Exchange exchange) {
    VolumeDetails volume = exchange.engine().volumes().inspect(exchange.path("name"));
    exchange.answer(200, out -> VolumeJson.write(out, volume));
  }

  private static void create(Exchange exchange) {
    Fields body = exchange.fields("volume.VolumeCreateBody");
    if (body.get("ClusterVolumeSpec") != null) {
      throw EngineException.unsupported(
          "cluster volumes are not supported by this version of Gantry");
    }
    VolumeDetails volume =
        exchange
            .engine()
            .volumes()
            .create(
                body.string("Name"),
                body.string("Driver"),
                body.stringMap("DriverOpts"),
                body.stringMap("Labels"));
    exchange.answer(201, out -> VolumeJson.write(out, volume));
  }

  private static void remove(Exchange exchange) {
    exchange.engine().volumes().remove(exchange.path("name"), exchange.query().flag("force"));
    exchange.answer(204);
  }

  private static void prune(Exchange exchange) {
    boolean choice = exchange.version().atLeast(ANONYMOUS_PRUNE);
    Filters filters = Filters.of(exchange, choice ? PRUNE_FILTERS_WITH_ALL : PRUNE_FILTERS);
    boolean all = !choice || Boolean.TRUE.equals(filters.bool("all"));
    PruneResult result =
        exchange
            .engine()
            .volumes()
            .prune(
                all,
                volume ->
                    filters.labels("label", volume.labels())
                        && filters.noLabels("label!", volume.labels()));
    exchange.answer(
        200,
        out ->
            out.object(
                () ->
                    out.strings("VolumesDeleted", result.deleted())
                        .field("SpaceReclaimed", result.spaceReclaimed())));
  }
}
