// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.event;

/**
 * Is called on the loop's thread when a descriptor is ready, so it must be short and never wait.
 */
@FunctionalInterface
public interface EventHandler {
  /**
   * @param events of {@link EventLoop#READABLE} and its like
   */
  void ready(int events);
}
