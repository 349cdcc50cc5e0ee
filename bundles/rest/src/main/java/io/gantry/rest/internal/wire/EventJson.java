// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.event.Event;

/** An event, with the three fields of before API 1.22 that clients still read. */
public final class EventJson {
  private EventJson() {}

  public static void write(JsonWriter out, Event event) {
    out.object(
        () -> {
          switch (event.type()) {
            case "container" ->
                out.field("status", event.action())
                    .field("id", event.actorId())
                    .field("from", event.attributes().get("image"));
            case "image" -> out.field("status", event.action()).field("id", event.actorId());
            default -> {}
          }
          out.field("Type", event.type())
              .field("Action", event.action())
              .object(
                  "Actor",
                  () ->
                      out.field("ID", event.actorId())
                          .object("Attributes", () -> event.attributes().forEach(out::field)))
              .field("scope", "local")
              .field("time", Math.floorDiv(event.timeNanos(), 1_000_000_000L))
              .field("timeNano", event.timeNanos());
        });
  }
}
