// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/** System call filters through libseccomp. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.linux.seccomp;
