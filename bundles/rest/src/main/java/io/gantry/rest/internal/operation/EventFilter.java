// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import io.gantry.api.event.Event;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The filters of {@code docker events}, as dockerd has them: unknown ones are passed over, and a
 * container is looked for in events of every type.
 */
final class EventFilter implements Predicate<Event> {
  private final Filters filters;

  EventFilter(Filters filters) {
    this.filters = filters;
  }

  @Override
  public boolean test(Event event) {
    return (filters.exact("event", event.action())
            || filters.exact("event", action(event.action())))
        && filters.exact("type", event.type())
        && filters.exact("scope", "local")
        && named("container", event)
        && named("volume", event)
        && named("network", event)
        && named("daemon", event)
        && named("plugin", event)
        && image(event)
        && filters.labels("label", event.attributes());
  }

  /** What follows a colon is a detail: {@code exec_start: sh}. */
  private static String action(String action) {
    int colon = action.indexOf(':');
    return colon < 0 ? action : action.substring(0, colon);
  }

  private boolean named(String type, Event event) {
    return filters.prefix(type, event.actorId())
        || filters.prefix(type, event.attributes().getOrDefault("name", ""));
  }

  private boolean image(Event event) {
    if (!filters.has("image")) {
      return true;
    }
    Map<String, String> attributes = event.attributes();
    String name = attributes.getOrDefault(event.type().equals("image") ? "name" : "image", "");
    String id = event.actorId();
    return filters.exact("image", id)
        || filters.exact("image", name)
        || filters.exact("image", withoutTag(id))
        || filters.exact("image", withoutTag(name));
  }

  private static String withoutTag(String image) {
    int colon = image.lastIndexOf(':');
    return colon > image.lastIndexOf('/') ? image.substring(0, colon) : image;
  }
}
