// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.ImageDetails;
import io.gantry.api.engine.Images.HistoryEntry;
import io.gantry.api.engine.Images.Removal;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.Query;
import io.gantry.rest.internal.http.Route.Work;
import io.gantry.rest.internal.http.RouteTable;
import io.gantry.rest.internal.wire.ImageJson;
import io.gantry.rest.internal.wire.JsonWriter;
import io.gantry.rest.internal.wire.MalformedRequestException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Images: everything but uploads. */
final class ImageOperations {
  private static final Pattern TAG = Pattern.compile("[\\w][\\w.-]{0,127}");
  private static final Comparator<ImageDetails> NEWEST_FIRST =
      Comparator.comparing(
          (ImageDetails image) -> image.created() == null ? Instant.EPOCH : image.created(),
          Comparator.reverseOrder());

  private final Supplier<String> storageDriver;

  ImageOperations(Supplier<String> storageDriver) {
    this.storageDriver = storageDriver;
  }

  void register(RouteTable routes) {
    routes
        .on("GET", "/images/json", ImageOperations::list)
        .on("GET", "/images/{name...}/json", this::inspect)
        .on("GET", "/images/{name...}/history", ImageOperations::history)
        .on("POST", "/images/{name...}/tag", ImageOperations::tag)
        .on("DELETE", "/images/{name...}", Work.WAITING, ImageOperations::remove);
  }

  private static void list(Exchange exchange) {
    if (exchange.query().flag("shared-size")) {
      exchange.refuse("shared-size");
    }
    ImageFilter filter = ImageFilter.of(exchange);
    List<ImageDetails> images =
        exchange.engine().images().list().stream()
            .filter(filter)
            .map(filter::matchingNames)
            .sorted(NEWEST_FIRST)
            .toList();
    exchange.answer(
        200, out -> out.array(images, image -> ImageJson.summary(out, image, exchange.version())));
  }

  private void inspect(Exchange exchange) {
    exchange.refuse("platform");
    String name = exchange.path("name");
    ImageDetails image;
    try {
      image = exchange.engine().images().inspect(name);
    } catch (EngineException e) {
      throw new EngineException(e.kind(), "no such image: " + name + ": " + e.getMessage(), e);
    }
    exchange.answer(
        200, out -> ImageJson.inspect(out, image, storageDriver.get(), exchange.version()));
  }

  private static void history(Exchange exchange) {
    exchange.refuse("platform");
    List<HistoryEntry> entries = exchange.engine().images().history(exchange.path("name"));
    exchange.answer(200, out -> ImageJson.history(out, entries));
  }

  private static void tag(Exchange exchange) {
    Query query = exchange.query();
    String reference = reference(query);
    try {
      exchange.engine().images().tag(exchange.path("name"), reference);
    } catch (EngineException e) {
      if (e.kind() == ErrorKind.INVALID) {
        throw new MalformedRequestException(e.getMessage());
      }
      throw e;
    }
    exchange.answer(201);
  }

  /** The name made of {@code repo} and {@code tag}. */
  static String reference(Query query) {
    String tag = query.get("tag");
    if (tag.isEmpty()) {
      return query.get("repo");
    }
    if (!TAG.matcher(tag).matches()) {
      throw new MalformedRequestException("invalid tag format");
    }
    return query.get("repo") + ":" + tag;
  }

  private static void remove(Exchange exchange) {
    Query query = exchange.query();
    exchange.refuse("platforms");
    List<Removal> removals =
        exchange
            .engine()
            .images()
            .remove(exchange.path("name"), query.flag("force"), !query.flag("noprune"));
    exchange.answer(200, out -> removals(out, removals));
  }

  static void removals(JsonWriter out, List<Removal> removals) {
    out.array(
        removals,
        removal ->
            out.object(
                () ->
                    out.omitEmpty("Untagged", removal.untagged())
                        .omitEmpty("Deleted", removal.deleted())));
  }
}
