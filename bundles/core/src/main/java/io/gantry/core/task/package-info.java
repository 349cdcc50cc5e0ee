// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/** Tasks: processes in containers, and their streams, as the supervisor keeps them. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.core.task;
