// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.Subscription;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Containers. Wherever a container is named, its id, a unique prefix of its id or its name will do;
 * an unknown one is NOT_FOUND with {@code No such container: X}.
 */
@ProviderType
public interface Containers {
  /**
   * Makes a container without starting it.
   *
   * @param name null for a made-up one
   * @throws io.gantry.api.error.EngineException NOT_FOUND for the image, CONFLICT for the name,
   *     INVALID for the spec
   */
  Created create(String name, ContainerSpec spec);

  /** The id of a new container and warnings for the user. */
  record Created(String id, List<String> warnings) {
    public Created {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * @throws io.gantry.api.error.EngineException NOT_MODIFIED if it runs
   */
  void start(String container);

  /**
   * @param signal null for the container's own
   * @param timeoutSeconds null for the container's own; -1 waits for ever
   * @throws io.gantry.api.error.EngineException NOT_MODIFIED if it does not run
   */
  void stop(String container, String signal, Integer timeoutSeconds);

  void restart(String container, String signal, Integer timeoutSeconds);

  /**
   * @param signal a name or a number, null for KILL
   * @throws io.gantry.api.error.EngineException CONFLICT if it does not run
   */
  void kill(String container, String signal);

  void rename(String container, String newName);

  /**
   * @param force kills it first if it runs
   * @param volumes removes its anonymous volumes as well
   * @throws io.gantry.api.error.EngineException CONFLICT if it runs and {@code force} is not set
   */
  void remove(String container, boolean force, boolean volumes);

  /** Everything about one container, from an immutable snapshot of the state. */
  ContainerDetails inspect(String container);

  /**
   * Containers, newest first, from an immutable snapshot of the state. Running ones only unless
   * {@code all}.
   */
  List<ContainerDetails> list(boolean all);

  /**
   * The size of the writable layer and of the root file system, bytes; costs a walk over the layer.
   */
  Sizes sizes(String container);

  record Sizes(long writable, long rootFileSystem) {}

  /**
   * Completes when the condition comes; what it completes with is what {@code docker wait} prints.
   */
  CompletionStage<WaitResult> waitFor(String container, WaitCondition condition);

  enum WaitCondition {
    NOT_RUNNING,
    NEXT_EXIT,
    REMOVED
  }

  /** {@code error} is null unless the engine could not do what ends the wait. */
  record WaitResult(int exitCode, String error) {}

  /** Joins the streams of the container; allowed before the start. See {@link AttachRequest}. */
  AttachedStreams attach(String container, AttachRequest request, OutputSink output);

  void resize(String container, int height, int width);

  /**
   * Delivers the log; with {@code follow} until the container ends or the subscription is closed.
   */
  Subscription logs(String container, LogsRequest request, LogSink sink);

  /** The titles and rows of {@code ps} for the container's processes. */
  ProcessTable top(String container, List<String> psArguments);

  record ProcessTable(List<String> titles, List<List<String>> rows) {
    public ProcessTable {
      titles = List.copyOf(titles);
      rows = List.copyOf(rows);
    }
  }
}
