// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.stream;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** The way into a process: its stdin or its terminal. */
@ProviderType
public interface InputSink {
  /**
   * Takes bytes; the stage completes when the next call may be made, exceptionally when nobody
   * reads any more.
   */
  CompletionStage<Void> write(ByteBuffer bytes);

  /**
   * The writer has no more bytes (the client's half-close). Closes stdin if the container was made
   * so.
   */
  void end();
}
