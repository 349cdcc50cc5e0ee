// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.runtime;

import java.time.Instant;

/**
 * How a process ended.
 *
 * @param code the exit code as Docker shows it: 0 to 255, and 128 + n for signal n
 * @param signal the signal that ended it, 0 if it exited
 * @param coreDumped whether it left a core
 * @param known false if the shim was killed and the kernel does not tell the code any more; {@code
 *     code} is then 255
 */
public record ExitStatus(
    int code, int signal, boolean coreDumped, boolean known, Instant exitedAt) {}
