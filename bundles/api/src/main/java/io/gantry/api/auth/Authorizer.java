// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.auth;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Decides on requests. All authorizers that are there must allow a request; with none there, all is
 * allowed.
 */
@ConsumerType
public interface Authorizer {
  /**
   * @param action the operation, as in {@code container.create}
   * @param object the name or id that the caller gave, empty if the operation has none
   * @throws io.gantry.api.error.EngineException DENIED with the reason
   */
  void authorize(Principal principal, String action, String object);
}
