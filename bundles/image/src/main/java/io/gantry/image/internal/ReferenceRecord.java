// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

/** What a normalised name points to. */
record ReferenceRecord(String imageId) {}
