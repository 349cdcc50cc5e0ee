// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.network;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network as the engine's state has it; a driver gets it with each call and keeps none of it.
 *
 * @param id 64 hexadecimal digits
 * @param internal true if there is no way out of it
 */
public record NetworkSpec(
    String id,
    String name,
    List<Subnet> subnets,
    boolean internal,
    Map<String, String> driverOptions) {
  public NetworkSpec {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(name, "name");
    subnets = List.copyOf(subnets);
    driverOptions = Map.copyOf(driverOptions);
  }
}
