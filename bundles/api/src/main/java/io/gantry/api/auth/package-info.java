// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/** Who asks, and whether they may. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.api.auth;
