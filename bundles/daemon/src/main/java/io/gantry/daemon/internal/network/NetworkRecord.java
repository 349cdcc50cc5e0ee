// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.network;

import io.gantry.api.network.NetworkSpec;
import java.time.Instant;

/** A network as it is stored. */
public record NetworkRecord(NetworkSpec spec, String driver, Instant created) {}
