// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/**
 * The shell's commands and its Unix socket. A client sends one hello, then input and resizes; it
 * gets output and, last, the exit code. See {@link io.gantry.shell.internal.FrameType}.
 */
@org.osgi.annotation.bundle.Header(name = "Karaf-Commands", value = "io.gantry.shell.internal")
package io.gantry.shell.internal;
