// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.engine.Images.LoadProgress;
import io.gantry.api.error.EngineException;
import io.gantry.rest.internal.http.ErrorStatus;
import io.gantry.rest.internal.http.Exchange;
import io.gantry.rest.internal.http.Query;
import io.gantry.rest.internal.http.Route.Work;
import io.gantry.rest.internal.http.RouteTable;
import io.gantry.rest.internal.stream.ProgressStream;
import io.gantry.rest.internal.wire.ProgressJson;
import java.util.List;

/** Images that come in the body of a request. It goes through to the engine as it comes. */
final class ImageUploads {
  private ImageUploads() {}

  static void register(RouteTable routes) {
    routes
        .on("POST", "/images/load", Work.UPLOAD, ImageUploads::load)
        .on("POST", "/images/create", Work.UPLOAD, ImageUploads::create);
  }

  /** Errors are told in band, even the first: that is what clients of load look for. */
  private static void load(Exchange exchange) {
    Query query = exchange.query();
    exchange.refuse("platform");
    boolean quiet = query.flag("quiet", true);
    ProgressStream stream = new ProgressStream(exchange);
    try {
      exchange.engine().images().load(exchange.upload(), progress -> tell(stream, progress, quiet));
    } catch (RuntimeException e) {
      if (stream.clientIsGone()) {
        exchange.callback().failed(e);
        return;
      }
      stream.write(out -> ProgressJson.error(out, ErrorStatus.message(e)));
    }
    stream.end();
  }

  private static void tell(ProgressStream stream, LoadProgress progress, boolean quiet) {
    if (progress.line() != null && !progress.line().isEmpty()) {
      stream.write(out -> ProgressJson.line(out, progress.line()));
    } else if (!quiet) {
      stream.write(out -> ProgressJson.layer(out, progress));
    }
  }

  private static void create(Exchange exchange) {
    Query query = exchange.query();
    if (query.has("fromImage")) {
      throw EngineException.unsupported(
          "pulling an image from a registry is not supported by this version of Gantry; get it with"
              + " docker load or docker import");
    }
    String source = query.get("fromSrc");
    if (!source.equals("-")) {
      throw EngineException.unsupported(
          "importing from an address is not supported by this version of Gantry; send the archive"
              + " itself (fromSrc=-)");
    }
    String reference = query.has("repo") ? ImageOperations.reference(query) : null;
    List<String> changes = query.all("changes");
    String id =
        exchange
            .engine()
            .images()
            .importArchive(
                exchange.upload(), reference, query.get("message"), changes, query.get("platform"));
    ProgressStream stream = new ProgressStream(exchange);
    stream.write(out -> out.object(() -> out.field("status", id)));
    stream.end();
  }
}
