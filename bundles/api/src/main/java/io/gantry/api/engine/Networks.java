// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import io.gantry.api.network.NetworkSpec;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Networks: {@code bridge}, {@code host} and {@code none}. An unknown one is NOT_FOUND with {@code
 * network X not found}.
 */
@ProviderType
public interface Networks {
  List<NetworkDetails> list();

  NetworkDetails inspect(String network);

  /**
   * @param containers endpoints of running containers, by container id
   */
  record NetworkDetails(
      NetworkSpec spec,
      String driver,
      Instant created,
      Map<String, String> labels,
      Map<String, ContainerDetails.EndpointDetails> containers) {
    public NetworkDetails {
      labels = Map.copyOf(labels);
      containers = Map.copyOf(containers);
    }
  }
}
