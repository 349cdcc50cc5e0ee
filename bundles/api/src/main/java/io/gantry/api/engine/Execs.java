// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import io.gantry.api.stream.OutputSink;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Further processes in running containers. An unknown one is NOT_FOUND with {@code No such exec
 * instance: X}.
 */
@ProviderType
public interface Execs {
  /**
   * @return the id of the exec process, 64 hexadecimal digits
   * @throws io.gantry.api.error.EngineException CONFLICT if the container does not run or is paused
   */
  String create(String container, ExecSpec spec);

  /**
   * Starts it and joins its streams; {@code output} null starts it detached.
   *
   * @throws io.gantry.api.error.EngineException CONFLICT if it was started before; INVALID if the
   *     program cannot be run
   */
  AttachedStreams start(String execId, OutputSink output, Integer height, Integer width);

  void resize(String execId, int height, int width);

  ExecDetails inspect(String execId);
}
