// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.state.Table;
import io.gantry.core.task.TaskState;
import io.gantry.linux.netlink.NetworkNamespaces;
import io.gantry.supervisor.internal.io.StreamContext;
import io.gantry.supervisor.internal.rootfs.SnapshotMount;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * What all tasks share.
 *
 * @param directory where each task has its own directory, within the exec root
 * @param workers for steps of starts and ends that wait for the kernel or a driver
 * @param cleaners for what nobody waits for: closing a mount writes its file system out
 */
record SupervisorContext(
    DriverRegistry drivers,
    Table<TaskState> states,
    Path directory,
    StreamContext streams,
    Executor workers,
    Executor cleaners,
    NetworkNamespaces namespaces,
    SnapshotMount mounts) {

  Path directoryOf(String taskId) {
    return directory.resolve(taskId);
  }
}
