// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.ExecRequest;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.StdioSpec;
import io.gantry.api.stream.InputSink;
import io.gantry.api.stream.OutputSink;
import io.gantry.core.task.TaskRequest.StdinMode;
import io.gantry.linux.LinuxException;
import io.gantry.supervisor.internal.io.ProcessStreams;
import io.gantry.supervisor.internal.io.ShimHandle;
import io.gantry.supervisor.internal.rootfs.RootDirectory;
import io.gantry.supervisor.internal.rootfs.UserLookup;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Starts exec processes. */
final class ExecStarter {
  private static final InputSink NO_INPUT =
      new InputSink() {
        @Override
        public CompletionStage<Void> write(ByteBuffer bytes) {
          return CompletableFuture.completedFuture(null);
        }

        @Override
        public void end() {
          // nobody reads
        }
      };

  private final SupervisorContext context;

  ExecStarter(SupervisorContext context) {
    this.context = context;
  }

  AttachedStreams start(
      Task task,
      String execId,
      RuntimeSpec.Process process,
      String user,
      List<String> groups,
      boolean privileged,
      AttachRequest request,
      OutputSink output) {
    ProcessStreams streams = new ProcessStreams(context.streams(), process.terminal());
    streams.hold(); // who reads to the end asks for the exit code next
    boolean attached = output != null && request != null;
    AttachedStreams client =
        attached
            ? streams.attach(request, output)
            : new AttachedStreams(NO_INPUT, process.terminal(), () -> {});
    Path directory = directory(context, task.id(), execId);
    ExecProcess exec = new ExecProcess(task, execId, directory, streams);
    try {
      UserLookup.Resolved resolved = resolve(task, user, groups);
      boolean stdin = attached && request.stdin();
      Path files = directory.resolve("runtime");
      Directories.create(files);
      ExecRequest start =
          new ExecRequest(
              execId,
              files,
              ProcessUsers.withUser(process, resolved.user(), resolved.home()),
              new StdioSpec(process.terminal(), stdin, (int) resolved.user().uid()),
              privileged);
      task.withRuntime(
          runtime ->
              runtime.exec(
                  task.record(),
                  start,
                  made -> {
                    exec.record(made);
                    task.addExec(exec);
                  }));
      connect(exec, directory, process, stdin ? StdinMode.OPEN_ONCE : StdinMode.CLOSED);
      return client;
    } catch (RuntimeException e) {
      task.removeExec(execId);
      // Its caller is told by the exception and may still have something to say to the sink.
      client.subscription().close();
      streams.fail();
      Directories.delete(directory);
      throw e instanceof LinuxException l
          ? EngineException.internal("failed to start the exec process: " + l.getMessage(), l)
          : e;
    }
  }

  private static void connect(
      ExecProcess exec, Path directory, RuntimeSpec.Process process, StdinMode stdin) {
    RuntimeSpec.ConsoleSize size = process.consoleSize();
    if (size != null && size.height() > 0) {
      exec.streams.initialSize(size.height(), size.width());
    }
    ShimHandle handle = ShimHandle.take(exec.process());
    exec.handle(handle);
    CompletableFuture<Void> unused = exec.streams.connect(handle, stdin, directory, null, null);
    exec.watch();
  }

  private static UserLookup.Resolved resolve(Task task, String user, List<String> groups) {
    try (RootDirectory root = RootDirectory.ofProcess(task.process().process().pid())) {
      return new UserLookup(root).resolve(user, groups);
    } catch (LinuxException e) {
      throw EngineException.conflict("container " + task.id() + " is not running");
    }
  }

  static Path directory(SupervisorContext context, String taskId, String execId) {
    return context.directoryOf(taskId).resolve("exec").resolve(execId);
  }
}
