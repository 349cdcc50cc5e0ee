// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.stream.InputSink;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The way into what does not run: bytes are dropped. */
record NoInput() implements InputSink {
  @Override
  public CompletionStage<Void> write(ByteBuffer bytes) {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void end() {
    // nobody reads
  }
}
