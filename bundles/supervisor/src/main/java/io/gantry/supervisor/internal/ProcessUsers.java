// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.api.runtime.RuntimeSpec;
import java.util.ArrayList;
import java.util.List;

/** Fills a user into a process of the runtime spec. */
final class ProcessUsers {
  private ProcessUsers() {}

  /** With the user's numbers, and HOME where the environment has none, as runc sets it. */
  static RuntimeSpec.Process withUser(
      RuntimeSpec.Process process, RuntimeSpec.User user, String home) {
    List<String> env = new ArrayList<>(process.env());
    if (env.stream().noneMatch(variable -> variable.startsWith("HOME="))) {
      env.add("HOME=" + home);
    }
    return new RuntimeSpec.Process(
        process.terminal(),
        process.consoleSize(),
        user,
        process.args(),
        env,
        process.cwd(),
        process.capabilities(),
        process.rlimits(),
        process.noNewPrivileges(),
        process.oomScoreAdj(),
        process.apparmorProfile());
  }
}
