// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.network;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A network driver. What it makes lives in the kernel (links, rules) and can be told from its name
 * whose it is; all calls are idempotent, so that the engine repeats them after a crash or for a new
 * instance of the driver. Names, addresses and ports are the engine's state and come in with each
 * call. Publishing of ports and names is a further ability, in interfaces of their own. The service
 * property {@code gantry.driver} names the driver ({@code bridge}).
 */
@ConsumerType
public interface NetworkDriver {
  /**
   * Makes sure that the network is there as described: bridge, addresses, rules.
   *
   * @throws io.gantry.api.error.EngineException INVALID for a bad option, CONFLICT if an address
   *     range is taken
   */
  void ensure(NetworkSpec network);

  /** Takes away all that {@link #ensure} made; not being there is not an error. */
  void remove(NetworkSpec network);

  /**
   * Connects a namespace to the network.
   *
   * @throws io.gantry.api.error.EngineException UNAVAILABLE if the network was not ensured
   */
  Attachment attach(NetworkSpec network, EndpointSpec endpoint);

  /**
   * Disconnects an endpoint. It may not be there any more, because its namespace has ended. May
   * finish its work after the call has returned, off the request's path.
   */
  void detach(NetworkSpec network, String endpointId);
}
