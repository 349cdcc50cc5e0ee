// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.task;

import io.gantry.api.runtime.ExitStatus;

/**
 * Is told what happens to tasks. When a call has returned, the end is the listener's to remember.
 * After a crash of the engine an end may be told a second time. A task must not be started again
 * within the call, since its clean-up waits for it.
 */
public interface TaskListener {
  /**
   * The task ended: its output is drained and logged, its endpoints are detached. {@code
   * oomKilled}: the kernel killed a process of it for want of memory.
   */
  void onExit(String taskId, ExitStatus status, boolean oomKilled);

  /** An exec process ended and its output is drained. */
  void onExecExit(String taskId, String execId, ExitStatus status);
}
