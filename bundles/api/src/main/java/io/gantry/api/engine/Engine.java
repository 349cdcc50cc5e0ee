// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import io.gantry.api.auth.Principal;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The engine. Each door takes a view for its caller; every call on it is authorised for that
 * principal.
 */
@ProviderType
public interface Engine {
  EngineView as(Principal principal);
}
