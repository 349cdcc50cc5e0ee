// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.event;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Something that happened to an object of the engine.
 *
 * @param type the kind of object: {@code container}, {@code image}, {@code volume}, {@code
 *     network}, {@code daemon}
 * @param action Docker's word for it: {@code create}, {@code start}, {@code die}, {@code
 *     exec_create: CMD}...
 * @param actorId the object's id or name
 * @param attributes labels and further facts, sorted by name as dockerd prints them
 * @param timeNanos nanoseconds since the epoch
 */
public record Event(
    String type, String action, String actorId, Map<String, String> attributes, long timeNanos) {
  public Event {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(action, "action");
    Objects.requireNonNull(actorId, "actorId");
    attributes = Collections.unmodifiableMap(new TreeMap<>(attributes));
  }
}
