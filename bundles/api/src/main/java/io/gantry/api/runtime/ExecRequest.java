// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.runtime;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What {@link OciRuntime#exec} needs.
 *
 * @param execId names the exec process within the engine
 * @param directory a directory for the runtime's files of this process, empty
 * @param privileged all capabilities, no seccomp filter
 */
public record ExecRequest(
    String execId,
    Path directory,
    RuntimeSpec.Process process,
    StdioSpec stdio,
    boolean privileged) {
  public ExecRequest {
    Objects.requireNonNull(execId, "execId");
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(stdio, "stdio");
  }
}
