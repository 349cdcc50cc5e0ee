// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.operation;

import java.util.List;
import java.util.function.Supplier;

/** What answers tell of the engine's settings; asked for each time. */
public record EngineFacts(Supplier<List<String>> labels, Supplier<String> storageDriver) {}
