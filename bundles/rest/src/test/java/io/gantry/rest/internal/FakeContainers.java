// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerDetails.ContainerFiles;
import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerState;
import io.gantry.api.engine.ContainerState.Status;
import io.gantry.api.engine.Containers;
import io.gantry.api.engine.LogSink;
import io.gantry.api.engine.LogsRequest;
import io.gantry.api.error.EngineException;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.Subscription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

final class FakeContainers implements Containers {
  private final FakeImages images;
  private final Map<String, ContainerDetails> containers = new HashMap<>();
  private int made;
  private final Map<String, FakeProcess> processes = new HashMap<>();
  final Map<String, List<LogEntry>> logs = new HashMap<>();
  final List<LogSink> followers = new CopyOnWriteArrayList<>();
  final List<LogsRequest> logRequests = new CopyOnWriteArrayList<>();
  final List<String> calls = new CopyOnWriteArrayList<>();
  volatile Instant created = Instant.parse("2026-11-24T12:03:56.41821062Z");

  FakeContainers(FakeImages images) {
    this.images = images;
  }

  @Override
  public synchronized Created create(String name, ContainerSpec spec) {
    String imageId = images.inspect(spec.image()).id();
    if (spec.process().cmd() == null && spec.process().entrypoint() == null) {
      calls.add("image's command");
    }
    List<String> words =
        spec.process().cmd() == null ? List.of("sh") : List.copyOf(spec.process().cmd());
    String id = String.format("%064x", ++made + 0xabc0);
    add(
        new ContainerDetails(
            id,
            name == null ? "made_up" + made : name,
            created,
            imageId,
            words.get(0),
            words.subList(1, words.size()),
            spec,
            new ContainerState(Status.CREATED, 0, 0, "", false, null, null),
            0,
            "overlay2",
            List.of(),
            List.of(),
            new ContainerFiles("", "", "", "")));
    return new Created(id, List.of());
  }

  synchronized void add(ContainerDetails container) {
    containers.put(container.id(), container);
    List<String> words = new ArrayList<>(List.of(container.path()));
    words.addAll(container.args());
    processes.put(container.id(), new FakeProcess(words, container.spec().process().tty()));
  }

  synchronized FakeProcess process(String container) {
    return processes.get(inspect(container).id());
  }

  @Override
  public void start(String container) {
    ContainerDetails found = inspect(container);
    if (found.state().running()) {
      throw new EngineException(io.gantry.api.error.ErrorKind.NOT_MODIFIED, "it runs");
    }
    Instant now = Instant.now();
    state(found, new ContainerState(Status.RUNNING, 42, 0, "", false, now, null));
    FakeProcess process = process(container);
    CompletableFuture<Void> unused =
        process.exit.thenAccept(
            code -> {
              Status status = Status.EXITED;
              state(found, new ContainerState(status, 0, code, "", false, now, Instant.now()));
              if (found.spec().lifecycle().autoRemove()) {
                remove(found.id(), true, true);
              }
            });
    process.start();
  }

  private synchronized void state(ContainerDetails c, ContainerState state) {
    containers.replace(
        c.id(),
        new ContainerDetails(
            c.id(),
            c.name(),
            c.created(),
            c.imageId(),
            c.path(),
            c.args(),
            c.spec(),
            state,
            c.restartCount(),
            c.snapshotter(),
            c.mounts(),
            c.endpoints(),
            c.files()));
  }

  @Override
  public void stop(String container, String signal, Integer timeoutSeconds) {
    calls.add("stop " + container + " " + signal + " " + timeoutSeconds);
    if (!inspect(container).state().running()) {
      throw new EngineException(io.gantry.api.error.ErrorKind.NOT_MODIFIED, "it does not run");
    }
    process(container).end(143);
  }

  @Override
  public void restart(String container, String signal, Integer timeoutSeconds) {
    calls.add("restart " + container + " " + signal + " " + timeoutSeconds);
    inspect(container);
  }

  @Override
  public void kill(String container, String signal) {
    calls.add("kill " + container + " " + signal);
    ContainerDetails found = inspect(container);
    if ("x".equals(signal)) {
      throw EngineException.invalid("Invalid signal: x");
    }
    if (!found.state().running()) {
      throw EngineException.conflict("Container " + found.id() + " is not running");
    }
    process(container).end(137);
  }

  @Override
  public void rename(String container, String newName) {
    inspect(container);
    calls.add("rename " + container + " " + newName);
  }

  @Override
  public synchronized void remove(String container, boolean force, boolean volumes) {
    calls.add("remove " + container + " " + force + " " + volumes);
    containers.remove(inspect(container).id());
  }

  @Override
  public synchronized ContainerDetails inspect(String container) {
    return containers.values().stream()
        .filter(c -> c.id().startsWith(container) || c.name().equals(container))
        .findFirst()
        .orElseThrow(() -> EngineException.notFound("No such container: " + container));
  }

  @Override
  public synchronized List<ContainerDetails> list(boolean all) {
    return containers.values().stream().filter(c -> all || c.state().running()).toList();
  }

  @Override
  public Sizes sizes(String container) {
    return new Sizes(0, 1984172);
  }

  @Override
  public CompletionStage<WaitResult> waitFor(String container, WaitCondition condition) {
    ContainerDetails found = inspect(container);
    FakeProcess process = process(container);
    if (condition == WaitCondition.NOT_RUNNING && !found.state().running() && !process.started()) {
      return CompletableFuture.completedStage(new WaitResult(0, null));
    }
    return process.exit.thenApply(code -> new WaitResult(code, null));
  }

  @Override
  public AttachedStreams attach(String container, AttachRequest request, OutputSink output) {
    if ("foo".equals(request.detachKeys())) {
      throw EngineException.invalid("Invalid detach keys (foo) provided");
    }
    return process(container).attach(output);
  }

  @Override
  public void resize(String container, int height, int width) {
    calls.add("resize " + inspect(container).name() + " " + height + " " + width);
  }

  @Override
  public Subscription logs(String container, LogsRequest request, LogSink sink) {
    logRequests.add(request);
    List<LogEntry> entries = logs.getOrDefault(inspect(container).name(), List.of());
    sink.write(entries)
        .thenRun(
            () -> {
              if (!request.follow()) {
                sink.end(null);
              }
            });
    followers.add(sink);
    return () -> followers.remove(sink);
  }

  @Override
  public ProcessTable top(String container, List<String> psArguments) {
    inspect(container);
    return new ProcessTable(List.of("UID", "PID"), List.of(List.of("root", "1")));
  }
}
