// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.stream;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where output goes: a client's connection, a console. The producer calls {@link #write} for one
 * chunk at a time and writes the next one only when the returned stage has completed; it never
 * blocks a thread on a slow sink.
 */
@ConsumerType
public interface OutputSink {
  /**
   * Takes one chunk. The buffer belongs to the sink until the stage completes.
   *
   * @return completes when the next chunk may be written; exceptionally when the receiver is gone,
   *     after which the producer stops and does not call {@link #end}.
   */
  CompletionStage<Void> write(StreamType stream, ByteBuffer chunk);

  /**
   * No more output comes. {@code failure} is null at a regular end. Called once, after the last
   * write completed.
   */
  void end(Throwable failure);
}
