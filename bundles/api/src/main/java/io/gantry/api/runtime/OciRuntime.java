// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.runtime;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A runtime: starts processes in containers as the OCI runtime specification has it, and leaves a
 * shim with each, so that neither the engine nor the runtime is needed while they run.
 *
 * <p>One flow: {@code create} spawns the shim and the init, hands the record to {@code committer},
 * and only when that returned lets the init go on: it builds the container and stops before the
 * user's program. {@code start} lets that program run. When the shim's {@code exited} descriptor
 * becomes readable, {@link #exitStatus} tells how it ended; {@code delete} releases the shim and
 * removes the container's cgroups. An engine that dies between any two steps finds the record in
 * its store, or else the init has ended by itself.
 *
 * <p>Only records cross this interface, never descriptors or objects of a driver. All calls may
 * come from many threads; calls for one container come one at a time, except {@code kill}, {@code
 * processes}, {@code exec} and what concerns exec processes. The service property {@code
 * gantry.driver} names the runtime ({@code runc}).
 */
@ConsumerType
public interface OciRuntime {
  RuntimeFeatures features();

  /**
   * Makes the container up to the point before the user's program starts. On failure nothing is
   * left.
   *
   * @param committer gets the record before the container's first own instruction; if it throws,
   *     nothing is left
   * @throws io.gantry.api.error.EngineException INVALID with the operation and errno for what the
   *     image or the spec makes impossible; UNSUPPORTED for what this host lacks
   */
  TaskRecord create(CreateRequest request, Consumer<TaskRecord> committer);

  /**
   * Runs the user's program.
   *
   * @throws io.gantry.api.error.EngineException INVALID if it cannot be executed: the message holds
   *     {@code executable file not found in $PATH}, {@code no such file or directory} or {@code
   *     permission denied}. The container has then ended, and is to be deleted.
   */
  void start(TaskRecord task);

  /**
   * Starts a further process in a running container.
   *
   * @throws io.gantry.api.error.EngineException as {@link #create} and {@link #start}; CONFLICT if
   *     the container ended
   */
  ProcessRecord exec(TaskRecord task, ExecRequest request, Consumer<ProcessRecord> committer);

  /** Sends a signal to the init or to an exec process; one that has ended is not an error. */
  void kill(ProcessRecord process, int signal);

  /** Ends every process of the container, also those outside a pid namespace of its own. */
  void killAll(TaskRecord task);

  /** How the process ended; empty while it runs. Can be asked until the process is released. */
  Optional<ExitStatus> exitStatus(ProcessRecord process);

  /** Lets the shim of an ended exec process go and removes its files. Repeating it does nothing. */
  void release(ProcessRecord process);

  /**
   * Removes what is left of a container: processes, shim, cgroups, files. Repeating it does
   * nothing.
   */
  void delete(TaskRecord task);

  /** The pids of the container's processes, in the engine's pid namespace. */
  List<Integer> processes(TaskRecord task);
}
