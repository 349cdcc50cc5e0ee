// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import io.gantry.api.logging.LogEntry;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Where log entries go; as {@link io.gantry.api.stream.OutputSink}, by batches of entries with
 * their times.
 */
@ConsumerType
public interface LogSink {
  /** Takes a batch; the next comes when the stage has completed. */
  CompletionStage<Void> write(List<LogEntry> entries);

  /** No more entries come. {@code failure} is null at a regular end. */
  void end(Throwable failure);
}
