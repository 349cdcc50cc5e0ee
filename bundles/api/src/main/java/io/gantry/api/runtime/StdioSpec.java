// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.runtime;

/**
 * Which streams a process gets.
 *
 * @param terminal a pseudo terminal instead of three pipes
 * @param stdin whether stdin stays open for the engine to write to; else it is /dev/null
 * @param ownerUid host uid that the pipes or the terminal belong to
 */
public record StdioSpec(boolean terminal, boolean stdin, int ownerUid) {}
