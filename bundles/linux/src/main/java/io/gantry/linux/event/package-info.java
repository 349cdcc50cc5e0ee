// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/** One epoll loop for descriptors and timers. */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.linux.event;
