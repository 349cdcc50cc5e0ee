// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/**
 * Byte streams of containers, as they cross the engine's interfaces: asynchronous, with
 * back-pressure.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.api.stream;
