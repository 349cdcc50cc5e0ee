// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.event;

/** Something that an {@link EventLoop} waits for on somebody's behalf. */
public sealed interface Registration permits Watch, Timer {
  /**
   * Ends it; ending it again does nothing. A handler that is running on the loop's thread at the
   * moment is not waited for.
   */
  void cancel();
}
