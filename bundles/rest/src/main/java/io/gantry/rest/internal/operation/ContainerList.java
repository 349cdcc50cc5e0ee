// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerState.Status;
import io.gantry.api.engine.Containers;
import io.gantry.api.engine.Containers.Sizes;
import io.gantry.api.engine.EngineView;
import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.wire.ContainerSummaryJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** {@code GET /containers/json}. */
final class ContainerList {
  private ContainerList() {}

  /** What a container is shown with. */
  private record Row(ContainerDetails container, String image, Sizes sizes) {}

  static void handle(Exchange exchange) {
    boolean all = exchange.query().flag("all");
    Integer limit = exchange.query().integer("limit");
    boolean sizes = exchange.query().flag("size");
    ContainerFilter filter = ContainerFilter.of(exchange);
    boolean limited = limit != null && limit > 0;
    Containers containers = exchange.engine().containers();
    List<ContainerDetails> found =
        containers.list(all || limited || filter.impliesAll()).stream()
            .filter(filter)
            .limit(limited ? limit : Long.MAX_VALUE)
            .toList();
    Map<String, String> imageIds = new HashMap<>();
    List<Row> rows = new ArrayList<>(found.size());
    for (ContainerDetails container : found) {
      addRow(rows, container, imageIds, exchange.engine(), sizes);
    }
    Instant now = Instant.now();
    exchange.answer(
        200,
        out ->
            out.array(
                rows,
                row ->
                    ContainerSummaryJson.write(
                        out, row.container, row.image, row.sizes, now, exchange.version())));
  }

  private static void addRow(
      List<Row> rows,
      ContainerDetails container,
      Map<String, String> imageIds,
      EngineView engine,
      boolean withSizes) {
    try {
      Sizes sizes = withSizes ? engine.containers().sizes(container.id()) : null;
      rows.add(new Row(container, image(container, imageIds, engine), sizes));
    } catch (EngineException e) {
      // removed since it was listed; any other trouble is told
      if (e.kind() != io.gantry.api.error.ErrorKind.NOT_FOUND
          || container.state().status() == Status.DEAD) {
        throw e;
      }
    }
  }

  /** The reference that it was made from, unless that is another image by now. */
  private static String image(
      ContainerDetails container, Map<String, String> imageIds, EngineView engine) {
    String reference = container.spec().image();
    String id = imageIds.computeIfAbsent(reference, r -> imageId(engine, r));
    return id.equals(container.imageId()) ? reference : container.imageId();
  }

  private static String imageId(EngineView engine, String reference) {
    try {
      return engine.images().inspect(reference).id();
    } catch (EngineException e) {
      return "";
    }
  }
}
