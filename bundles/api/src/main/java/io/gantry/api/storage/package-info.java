// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
/**
 * The SPI of storage drivers. A <em>snapshot</em> is a directory tree: <em>active</em> (writable,
 * named by a key), <em>view</em> (a read-only active one) or <em>committed</em> (immutable, named,
 * and the only kind that can be a parent).
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.gantry.api.storage;
