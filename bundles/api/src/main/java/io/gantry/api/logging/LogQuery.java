// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.logging;

/**
 * Which entries to read.
 *
 * @param stdout whether entries of stdout are wanted
 * @param stderr whether entries of stderr are wanted
 * @param sinceNanos entries at or after this time, nanoseconds since the epoch; 0 for all
 * @param untilNanos entries at or before this time; 0 for all
 * @param tail at most this many lines at the end of what is there now; -1 for all
 */
public record LogQuery(
    boolean stdout, boolean stderr, long sinceNanos, long untilNanos, long tail) {}
