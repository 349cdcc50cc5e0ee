// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import java.util.List;
import java.util.Objects;

/**
 * A process to run in a container.
 *
 * @param user as {@code docker exec -u}; null or empty for the container's
 * @param workingDir null or empty for the container's
 * @param detachKeys null for the default
 */
public record ExecSpec(
    List<String> cmd,
    List<String> env,
    String user,
    String workingDir,
    boolean tty,
    boolean attachStdin,
    boolean attachStdout,
    boolean attachStderr,
    boolean privileged,
    String detachKeys) {
  public ExecSpec {
    cmd = List.copyOf(Objects.requireNonNull(cmd, "cmd"));
    env = List.copyOf(env);
  }
}
