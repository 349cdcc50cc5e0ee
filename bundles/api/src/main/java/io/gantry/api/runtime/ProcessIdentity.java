// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.runtime;

/**
 * A process that can be told from a later one with the same pid.
 *
 * @param pid in the engine's pid namespace
 * @param startTime clock ticks since boot: field 22 of /proc/PID/stat
 */
public record ProcessIdentity(int pid, long startTime) {}
