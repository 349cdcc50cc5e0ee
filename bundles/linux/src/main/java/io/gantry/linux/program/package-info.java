// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/**
 * System call programs: a list of system calls, known beforehand, that a process of a few kilobytes
 * carries out without any code of ours in it but an interpreter of some 200 bytes. The JVM cannot
 * fork and go on in the child; such a process needs no JVM.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.linux.program;
