// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.auth;

import java.util.Objects;

/**
 * Who makes a request.
 *
 * @param name a user name, or {@code uid N}
 * @param door where they came in: {@code unix}, {@code tcp}, {@code shell}, {@code java}
 */
public record Principal(String name, String door) {
  public Principal {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(door, "door");
  }
}
