// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.engine;

import org.osgi.annotation.versioning.ProviderType;

/** For when the machine itself goes down: only then the engine ends containers. */
@ProviderType
public interface HostShutdown {
  /**
   * Stops all containers by their signals and time-outs, at the same time, and returns when they
   * have ended.
   */
  void stopContainers();
}
