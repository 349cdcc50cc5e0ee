// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.daemon.internal.event.EventLog;
import java.util.Map;
import java.util.TreeMap;

/** Events of containers with the attributes that Docker gives them. */
final class ContainerEvents {
  private final EventLog events;

  ContainerEvents(EventLog events) {
    this.events = events;
  }

  void publish(String action, ContainerRecord record) {
    publish(action, record, Map.of());
  }

  void publish(String action, ContainerRecord record, Map<String, String> more) {
    Map<String, String> attributes = new TreeMap<>(record.spec().identity().labels());
    attributes.put("image", record.spec().image());
    attributes.put("name", record.name());
    attributes.putAll(more);
    events.publish("container", action, record.id(), attributes);
  }

  void network(String action, ContainerRecord record) {
    events.publish(
        "network",
        action,
        record.endpoint().networkId(),
        Map.of(
            "container", record.id(),
            "name", record.endpoint().network(),
            "type",
                switch (record.endpoint().network()) {
                  case "none" -> "null";
                  default -> record.endpoint().network();
                }));
  }
}
