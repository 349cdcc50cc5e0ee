// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

/**
 * An exec process; {@code exitCode} is null while it runs or before it started, {@code pid} 0 when
 * it does not run.
 */
public record ExecDetails(
    String id, String containerId, ExecSpec spec, boolean running, Integer exitCode, int pid) {}
