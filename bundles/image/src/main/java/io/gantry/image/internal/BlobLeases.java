// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import io.gantry.core.content.Digest;
import io.gantry.core.content.Ingest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Blobs that came in and that no image refers to yet. One blob may come in twice at the same time:
 * it may be deleted when nobody holds it any more.
 */
final class BlobLeases {
  private final Map<Digest, Integer> holders = new HashMap<>();

  Lease lease() {
    return new Lease();
  }

  final class Lease {
    private final Set<Digest> held = new HashSet<>();

    /** Commits a blob and holds it. */
    Digest commit(Ingest ingest) {
      synchronized (BlobLeases.this) {
        Digest digest = ingest.commit(null);
        if (held.add(digest)) {
          holders.merge(digest, 1, Integer::sum);
        }
        return digest;
      }
    }

    /** Gives up all blobs and calls {@code collect} with those that nobody else holds. */
    void release(java.util.function.Consumer<Set<Digest>> collect) {
      synchronized (BlobLeases.this) {
        Set<Digest> free = new HashSet<>();
        for (Digest digest : held) {
          if (holders.merge(digest, -1, Integer::sum) == 0) {
            holders.remove(digest);
            free.add(digest);
          }
        }
        held.clear();
        collect.accept(free);
      }
    }
  }
}
