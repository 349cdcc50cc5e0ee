// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.ExecDetails;
import io.gantry.api.engine.ExecSpec;
import io.gantry.api.engine.Execs;
import io.gantry.api.error.EngineException;
import io.gantry.api.stream.OutputSink;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

final class FakeExecs implements Execs {
  private final FakeContainers containers;
  private final Map<String, ExecSpec> specs = new ConcurrentHashMap<>();
  private final Map<String, FakeProcess> processes = new ConcurrentHashMap<>();

  FakeExecs(FakeContainers containers) {
    this.containers = containers;
  }

  @Override
  public String create(String container, ExecSpec spec) {
    if (!containers.inspect(container).state().running()) {
      throw EngineException.conflict(
          "Container " + containers.inspect(container).id() + " is not running");
    }
    if (spec.cmd().isEmpty()) {
      throw EngineException.invalid("No exec command specified");
    }
    String id = String.format("%064x", specs.size() + 0xe0);
    specs.put(id, spec);
    processes.put(id, new FakeProcess(spec.cmd(), spec.tty()));
    return id;
  }

  private FakeProcess process(String id) {
    FakeProcess process = processes.get(id);
    if (process == null) {
      throw EngineException.notFound("No such exec instance: " + id);
    }
    return process;
  }

  @Override
  public AttachedStreams start(String execId, OutputSink output, Integer height, Integer width) {
    FakeProcess process = process(execId);
    if (process.started()) {
      throw EngineException.conflict("Error: Exec command " + execId + " has already run");
    }
    AttachedStreams streams = output == null ? null : process.attach(output);
    process.start();
    return streams;
  }

  @Override
  public void resize(String execId, int height, int width) {
    process(execId);
  }

  @Override
  public ExecDetails inspect(String execId) {
    FakeProcess process = process(execId);
    boolean running = process.started() && !process.exit.isDone();
    return new ExecDetails(
        execId,
        "f".repeat(64),
        specs.get(execId),
        running,
        process.exit.getNow(null),
        running ? 43 : 0);
  }
}
