// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.api.engine.Events;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.event.Event;
import io.gantry.daemon.internal.event.EventLog;
import io.gantry.daemon.internal.image.ImageService;
import io.gantry.daemon.internal.network.DefaultNetworks;
import io.gantry.daemon.internal.spec.SpecBuilder;
import io.gantry.daemon.internal.volume.VolumeStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.function.Executable;

/** An engine on scripted tasks, remembering drivers, one image and a store in memory. */
final class TestEngine implements AutoCloseable {
  final MemoryStore store;
  final ScriptedTasks tasks;
  final RememberingDrivers drivers;
  final OneImage images = new OneImage();
  final VolumeStore volumes;
  final ContainerModule module;
  final ContainerService containers;
  final ExecService execs;
  final ImageService imageService;

  /** Types, actions and what tells them apart, as they come. */
  final List<String> events = new CopyOnWriteArrayList<>();

  private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(2);
  private final Path root;

  TestEngine(Path root) {
    this(root, "boot-1", new MemoryStore(), new ScriptedTasks(), new RememberingDrivers());
  }

  private TestEngine(
      Path root,
      String bootId,
      MemoryStore store,
      ScriptedTasks tasks,
      RememberingDrivers drivers) {
    this.root = root;
    this.store = store;
    this.tasks = tasks;
    this.drivers = drivers;
    PlainSettings settings = new PlainSettings(root, List.of());
    EventLog log = new EventLog(timers);
    volumes = new VolumeStore(store, drivers, log);
    module =
        new ContainerModule(
            settings,
            store,
            drivers,
            images,
            tasks,
            new DefaultNetworks(settings, store, drivers),
            volumes,
            log,
            new SpecBuilder("gantry", true, "amd64"),
            timers,
            bootId);
    containers = module.containers();
    execs = module.execs();
    volumes.usedBy(containers::usersOfVolume);
    imageService = new ImageService(images, module, log);
    log.subscribe(null, null, new Recorder());
    module.adopt();
  }

  private final class Recorder implements Events.Sink {
    @Override
    public CompletionStage<Void> write(Event event) {
      String more =
          event
              .attributes()
              .getOrDefault("exitCode", event.attributes().getOrDefault("signal", ""));
      events.add((event.type() + " " + event.action() + " " + more).strip());
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void end(Throwable failure) {}
  }

  /** The engine after it was started anew; what ran goes on if the boot is the same. */
  TestEngine again(String bootId) {
    close();
    ScriptedTasks next = bootId.equals("boot-1") ? tasks : new ScriptedTasks();
    return new TestEngine(root, bootId, store, next, drivers);
  }

  String create(String name, Asked asked) {
    return containers.create(name, asked.spec()).id();
  }

  String run(String name, Asked asked) {
    String id = create(name, asked);
    containers.start(id);
    return id;
  }

  String status(String container) {
    return containers.inspect(container).state().status().name();
  }

  /** Waits for what a timer does. */
  void await(String what, java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + 5_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("waited in vain: " + what);
      }
      java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
    }
  }

  static void refuses(ErrorKind kind, String message, Executable call) {
    EngineException refused = assertThrows(EngineException.class, call);
    assertEquals(message, refused.getMessage());
    assertEquals(kind, refused.kind());
  }

  @Override
  public void close() {
    timers.shutdownNow();
  }
}
