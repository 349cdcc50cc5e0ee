// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.storage;

/**
 * What a snapshot alone, without its parents, takes up: bytes on disk and inodes, a hard-linked
 * file once.
 */
public record Usage(long bytes, long inodes) {}
