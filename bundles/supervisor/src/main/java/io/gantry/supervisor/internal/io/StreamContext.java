// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.core.driver.DriverRegistry;
import io.gantry.linux.event.EventScope;
import java.util.concurrent.Executor;

/**
 * What all streams share.
 *
 * @param events the loop
 * @param logWorkers where log drivers are called
 */
public record StreamContext(
    EventScope events, Executor logWorkers, BufferPool buffers, DriverRegistry drivers) {}
