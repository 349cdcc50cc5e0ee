// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/** What happened in the engine: the events of {@code docker events}. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.api.event;
