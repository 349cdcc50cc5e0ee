// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.logging;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A log driver: takes the output of containers. The engine keeps the position, so that output is
 * neither lost nor doubled when the driver, the engine or the machine goes away in the middle:
 * {@link #append} cuts the log back to {@code from} before it writes, and the engine repeats
 * entries whose new position it did not get.
 *
 * <p>Calls for one target come one at a time, for different targets from many threads. A driver may
 * keep files open between calls, but only as a cache. The service property {@code gantry.driver}
 * names it ({@code json-file}).
 */
@ConsumerType
public interface LogDriver {
  /**
   * Checks the {@code --log-opt} options of a container that is to be created.
   *
   * @throws io.gantry.api.error.EngineException INVALID with the message that the user sees
   */
  void validate(Map<String, String> driverOptions);

  /**
   * Writes entries behind {@code from} and returns where the log ends now. What the log holds
   * behind {@code from} was written by a call that did not return, and is cut off.
   *
   * @throws io.gantry.api.error.EngineException EXHAUSTED if the disk is full: nothing was written,
   *     or it will be cut
   */
  LogPosition append(LogTarget target, LogPosition from, List<LogEntry> entries);

  /** The container stops writing for now: close what is cached for it. */
  void release(LogTarget target);

  /** Deletes the log; none being there is not an error. */
  void remove(LogTarget target);
}
