// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import java.util.List;

/**
 * An image as it is stored; its configuration is the blob {@code id}.
 *
 * @param blobs digests of the layers as they lie in the content store, as many as {@code diffIds}
 * @param chainIds names of the committed snapshots, as many as {@code diffIds}
 * @param size bytes of all layers, unpacked
 * @param lastTaggedMillis 0 if never
 */
record ImageRecord(
    String id,
    List<String> blobs,
    List<String> diffIds,
    List<String> chainIds,
    long size,
    long lastTaggedMillis) {
  ImageRecord {
    blobs = List.copyOf(blobs);
    diffIds = List.copyOf(diffIds);
    chainIds = List.copyOf(chainIds);
  }

  ImageRecord tagged(long millis) {
    return new ImageRecord(id, blobs, diffIds, chainIds, size, millis);
  }
}
