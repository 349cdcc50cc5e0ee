// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.content;

import java.io.InputStream;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Blobs on disk, by digest. A blob is there whole and verified or not at all. What nothing refers
 * to and no lease covers is collected.
 */
@ProviderType
public interface ContentStore {
  boolean contains(Digest digest);

  /**
   * @throws io.gantry.api.error.EngineException NOT_FOUND
   */
  InputStream open(Digest digest);

  /** Bytes. */
  long size(Digest digest);

  /**
   * Begins or resumes the writing of a blob.
   *
   * @param reference names the ingest, so that it can be resumed; null for one that is gone when it
   *     is closed without a commit, or at the next start
   */
  Ingest ingest(String reference);

  void delete(Digest digest);

  List<Digest> list();
}
