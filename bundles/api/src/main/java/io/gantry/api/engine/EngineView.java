// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import org.osgi.annotation.versioning.ProviderType;

/** The engine as one principal may use it. */
@ProviderType
public interface EngineView {
  Containers containers();

  Execs execs();

  Images images();

  Volumes volumes();

  Networks networks();

  SystemInfo system();

  Events events();

  Drivers drivers();
}
