// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import io.gantry.api.event.Event;
import io.gantry.api.stream.Subscription;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/** The engine's events, the last of which (256, as dockerd) are kept. */
@ProviderType
public interface Events {
  /**
   * Delivers kept events since {@code since} (null: none) and then, until {@code until} (null: for
   * ever), what happens.
   */
  Subscription subscribe(Instant since, Instant until, Sink sink);

  @ConsumerType
  interface Sink {
    /** Takes one event; the next comes when the stage has completed. */
    CompletionStage<Void> write(Event event);

    void end(Throwable failure);
  }
}
