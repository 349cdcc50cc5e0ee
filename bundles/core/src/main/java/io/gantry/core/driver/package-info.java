// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/** How the engine's bundles call drivers that may be swapped at any time. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.core.driver;
