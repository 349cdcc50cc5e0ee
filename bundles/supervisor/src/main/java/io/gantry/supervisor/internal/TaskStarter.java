// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.network.Attachment;
import io.gantry.api.runtime.CreateRequest;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.RuntimeSpec.NamespaceType;
import io.gantry.api.runtime.StdioSpec;
import io.gantry.api.runtime.TaskRecord;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.task.TaskListener;
import io.gantry.core.task.TaskRequest;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.netlink.NetworkNamespace;
import io.gantry.supervisor.internal.io.PositionFile;
import io.gantry.supervisor.internal.io.ProcessStreams;
import io.gantry.supervisor.internal.io.ShimHandle;
import io.gantry.supervisor.internal.rootfs.RootDirectory;
import io.gantry.supervisor.internal.rootfs.UserLookup;
import io.gantry.supervisor.internal.rootfs.VolumeFiller;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Starts one task: its network is attached while its root is mounted and its init made. What was
 * done is taken back if a step fails.
 */
final class TaskStarter {
  private final SupervisorContext context;
  private final TaskRequest request;
  private final ProcessStreams streams;
  private final CompletableFuture<TaskListener> listener;
  private final Undo undo = new Undo();

  TaskStarter(
      SupervisorContext context,
      TaskRequest request,
      ProcessStreams streams,
      CompletableFuture<TaskListener> listener) {
    this.context = context;
    this.request = request;
    this.streams = streams;
    this.listener = listener;
  }

  Task start() {
    NetworkNamespace namespace = null;
    CompletableFuture<List<Attachment>> attachments = CompletableFuture.completedFuture(List.of());
    try {
      Path directory = context.directoryOf(request.id());
      Directories.delete(directory);
      undo.add(() -> Directories.delete(directory));
      Directories.create(directory);
      if (request.networkNamespace()) {
        namespace = context.namespaces().create();
        attachments = attach(namespace);
      }
      return create(directory, namespace, attachments);
    } catch (RuntimeException | Error e) {
      attachments.handle((done, failure) -> null).join(); // its undo steps are known by then
      undo.run();
      streams.fail();
      if (e instanceof LinuxException l) {
        throw EngineException.internal("failed to start the container: " + l.getMessage(), l);
      }
      throw e;
    } finally {
      if (namespace != null) {
        namespace.close(); // the task's processes hold it now
      }
    }
  }

  private CompletableFuture<List<Attachment>> attach(NetworkNamespace namespace) {
    if (request.endpoints().isEmpty()) {
      return CompletableFuture.completedFuture(List.of());
    }
    return CompletableFuture.supplyAsync(
        () -> new TaskNetwork(context.drivers()).attach(namespace, request.endpoints(), undo),
        context.workers());
  }

  private Task create(
      Path directory, NetworkNamespace namespace, CompletableFuture<List<Attachment>> attachments) {
    Fd root =
        context
            .mounts()
            .mount(
                context
                    .drivers()
                    .call(
                        DriverKind.STORAGE,
                        request.snapshotter(),
                        driver -> driver.mounts(request.snapshot())));
    undo.add(root::close);
    RootDirectory tree = new RootDirectory(root);
    UserLookup.Resolved user = new UserLookup(tree).resolve(request.user(), request.groups());
    request.volumeCopies().forEach(copy -> VolumeFiller.fill(tree, copy));
    PositionFile positions = PositionFile.open(positionDirectory(request));
    undo.add(positions::close);
    positions.begin();

    Task task = new Task(context, stored(request), listener, positions, streams, root);
    undo.add(task::discard);
    CreateRequest create =
        new CreateRequest(
            request.id(),
            directory.resolve("bundle"),
            spec(root, user.user(), user.home(), namespace),
            new StdioSpec(
                request.spec().process().terminal(),
                request.stdin() != TaskRequest.StdinMode.CLOSED,
                (int) user.user().uid()));
    Directories.create(create.bundle());
    TaskRecord record =
        task.withRuntime(
            runtime -> runtime.create(create, made -> task.commit(made, join(attachments))));
    task.restore(record, join(attachments));
    connect(task, directory);
    task.withRuntime(
        runtime -> {
          runtime.start(record);
          return null;
        });
    positions.markStarted();
    return task;
  }

  private void connect(Task task, Path directory) {
    RuntimeSpec.ConsoleSize size = request.spec().process().consoleSize();
    if (size != null && size.height() > 0) {
      streams.initialSize(size.height(), size.width());
    }
    ShimHandle handle = ShimHandle.take(task.process());
    if (handle.shim() == null) {
      handle.close();
      throw EngineException.internal("the shim of the container ended early", null);
    }
    CompletableFuture<Void> connected =
        streams.connect(handle, request.stdin(), directory, request.log(), task.positions());
    if (streams.terminal()) {
      connected.join(); // the program may ask for the size at once
    }
    task.handle(handle);
  }

  private static List<Attachment> join(CompletableFuture<List<Attachment>> attachments) {
    try {
      return attachments.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new EngineException(ErrorKind.INTERNAL, "attaching networks failed", e.getCause());
    }
  }

  private RuntimeSpec spec(
      Fd root, RuntimeSpec.User user, String home, NetworkNamespace namespace) {
    RuntimeSpec spec = request.spec();
    RuntimeSpec.Linux linux = spec.linux();
    List<RuntimeSpec.Namespace> namespaces = new ArrayList<>(linux.namespaces());
    if (namespace != null) {
      namespaces.removeIf(entry -> entry.type() == NamespaceType.NETWORK);
      namespaces.add(
          new RuntimeSpec.Namespace(
              NamespaceType.NETWORK, namespace.namespace().path().toString()));
    }
    return new RuntimeSpec(
        ProcessUsers.withUser(spec.process(), user, home),
        new RuntimeSpec.Root(root.path().toString(), spec.root().readonly()),
        spec.hostname(),
        spec.domainname(),
        spec.mounts(),
        new RuntimeSpec.Linux(
            namespaces,
            linux.devices(),
            linux.resources(),
            linux.cgroupsPath(),
            linux.seccomp(),
            linux.sysctl(),
            linux.maskedPaths(),
            linux.readonlyPaths(),
            linux.rootfsPropagation()));
  }

  /** Where the container's output position is kept. */
  static Path positionDirectory(TaskRequest request) {
    return request.log() == null ? request.directory() : request.log().target().directory();
  }

  /** The request without what only a start needs: the seccomp profile alone is 20 KiB. */
  private static TaskRequest stored(TaskRequest request) {
    RuntimeSpec spec = request.spec();
    RuntimeSpec.Linux linux = spec.linux();
    RuntimeSpec slim =
        new RuntimeSpec(
            spec.process(),
            spec.root(),
            spec.hostname(),
            spec.domainname(),
            List.of(),
            new RuntimeSpec.Linux(
                linux.namespaces(),
                List.of(),
                new RuntimeSpec.Resources(List.of(), null, null, null),
                linux.cgroupsPath(),
                null,
                Map.of(),
                List.of(),
                List.of(),
                linux.rootfsPropagation()));
    return new TaskRequest(
        request.id(),
        request.directory(),
        request.runtime(),
        request.snapshotter(),
        request.snapshot(),
        slim,
        request.user(),
        request.groups(),
        request.stdin(),
        request.networkNamespace(),
        request.endpoints(),
        List.of(),
        request.log());
  }
}
