// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.content;

import java.nio.ByteBuffer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A blob that is being written. Closing it without a commit keeps what is there for a later one to
 * resume.
 */
@ProviderType
public interface Ingest extends AutoCloseable {
  /** Bytes that are there already. */
  long offset();

  void write(ByteBuffer bytes);

  /**
   * @param expected null: whatever it turns out to be
   * @throws io.gantry.api.error.EngineException DATA_LOSS if it differs from {@code expected}; the
   *     ingest is then gone
   */
  Digest commit(Digest expected);

  void abort();

  @Override
  void close();
}
