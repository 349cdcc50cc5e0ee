// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/** System calls with the errors of the kernel, and owners of descriptors. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.linux;
