// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import io.gantry.api.stream.InputSink;
import io.gantry.api.stream.Subscription;

/**
 * A client that joined the streams of a process.
 *
 * @param input where the client's bytes go; does nothing if stdin was not asked for
 * @param terminal whether output is one raw stream
 * @param subscription ends the delivery; the process is not affected
 */
public record AttachedStreams(InputSink input, boolean terminal, Subscription subscription) {}
