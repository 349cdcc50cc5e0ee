// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.task;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.LogSink;
import io.gantry.api.engine.LogsRequest;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.network.Attachment;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.Subscription;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The supervisor: starts tasks, keeps their streams, tells their ends, and takes them over after a
 * restart. Keeps the {@link TaskState} of each running task in the state store by itself. An
 * unknown task is NOT_FOUND.
 */
@ProviderType
public interface TaskService {
  /**
   * Starts a task: root file system, namespaces, networks, streams, and the user's program. Streams
   * that were attached before the start are joined. On failure everything is as before.
   *
   * @throws io.gantry.api.error.EngineException INVALID if the program cannot be run, see {@link
   *     io.gantry.api.runtime.OciRuntime#start}
   */
  StartedTask start(TaskRequest request);

  /** The init's pid and what the networks gave it. */
  record StartedTask(int pid, List<Attachment> attachments) {
    public StartedTask {
      attachments = List.copyOf(attachments);
    }
  }

  /** Sends a signal to the init. */
  void kill(String taskId, int signal);

  /** Ends all its processes. */
  void killAll(String taskId);

  /** Whether it runs, as far as the engine knows. */
  boolean running(String taskId);

  /** The init's pid. */
  int pid(String taskId);

  /** Pids of all processes, in the engine's pid namespace. */
  List<Integer> processes(String taskId);

  /**
   * Joins the streams of a task, which need not have been started yet ({@code terminal} then comes
   * from the caller). Ends when the task does.
   */
  AttachedStreams attach(String taskId, boolean terminal, AttachRequest request, OutputSink output);

  void resize(String taskId, int height, int width);

  /**
   * Starts an exec process; {@code output} null for none.
   *
   * @param user as {@link TaskRequest#user}
   */
  AttachedStreams exec(
      String taskId,
      String execId,
      RuntimeSpec.Process process,
      String user,
      List<String> groups,
      boolean privileged,
      AttachRequest request,
      OutputSink output);

  int execPid(String taskId, String execId);

  void resizeExec(String taskId, String execId, int height, int width);

  /**
   * Reads a log; with {@code follow} until the task ends. Works for tasks that have ended or never
   * started too.
   */
  Subscription logs(
      String taskId, String driver, LogTarget target, LogsRequest request, LogSink sink);

  /** Deletes the log and what else the supervisor keeps beyond a task's end. */
  void forget(String taskId, String driver, LogTarget target);

  /**
   * Takes over the tasks in the store, once, when the listener is ready: after it returned, each of
   * them runs or its end was told to the listener.
   */
  void adopt(TaskListener listener);
}
