// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import io.gantry.api.engine.ContainerDetails.ContainerFiles;
import java.util.List;

/**
 * What is mounted into a container that starts.
 *
 * @param files the engine's files for it, on the host
 * @param initPath the init program of {@code --init} on the host, null for none
 */
public record ResolvedMounts(List<UserMount> user, ContainerFiles files, String initPath) {
  public ResolvedMounts {
    user = List.copyOf(user);
  }

  /**
   * A mount of the user's.
   *
   * @param type {@code bind} (volumes too) or {@code tmpfs}
   * @param source the path on the host; null for tmpfs
   */
  public record UserMount(String type, String source, String destination, List<String> options) {
    public UserMount {
      options = List.copyOf(options);
    }
  }
}
