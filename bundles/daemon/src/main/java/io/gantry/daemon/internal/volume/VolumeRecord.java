// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.volume;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/** A volume as it is stored. */
public record VolumeRecord(
    String name,
    String driver,
    Path mountpoint,
    Map<String, String> driverOptions,
    Map<String, String> labels,
    boolean anonymous,
    Instant created) {}
