// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/** What the engine offers to its own launcher. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.core.engine;
