// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.image.ImageStore;
import io.gantry.core.settings.Settings;
import io.gantry.core.state.StateStore;
import io.gantry.core.task.TaskService;
import io.gantry.daemon.internal.event.EventLog;
import io.gantry.daemon.internal.network.DefaultNetworks;
import io.gantry.daemon.internal.spec.SpecBuilder;
import io.gantry.daemon.internal.volume.VolumeStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts together that containers need. */
public final class ContainerModule {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerModule.class);

  private final ContainerStore store;
  private final Lifecycle lifecycle;
  private final ContainerService containers;
  private final ExecService execs;
  private final TaskService tasks;
  private final DefaultNetworks networks;

  public ContainerModule(
      Settings settings,
      StateStore state,
      DriverRegistry drivers,
      ImageStore images,
      TaskService tasks,
      DefaultNetworks networks,
      VolumeStore volumes,
      EventLog eventLog,
      SpecBuilder specs,
      ScheduledExecutorService timers,
      String bootId) {
    this.tasks = tasks;
    this.networks = networks;
    this.store = new ContainerStore(state);
    ContainerDirectory directory = new ContainerDirectory(settings.dataRoot());
    ContainerEvents events = new ContainerEvents(eventLog);
    MountResolver mounts = new MountResolver(volumes);
    TaskRequests requests = new TaskRequests(settings, networks, mounts, specs, directory, events);
    this.execs = new ExecService(store, directory, tasks, specs, events);
    this.lifecycle =
        new Lifecycle(
            store, tasks, drivers, requests, volumes, directory, events, timers, execs, bootId);
    this.containers =
        new ContainerService(
            store, lifecycle, tasks, images, drivers, networks, mounts, requests, directory, events,
            settings);
  }

  /** Takes over what runs; afterwards lists are complete. */
  public void adopt() {
    for (Container container : store.all()) {
      String address = container.record.endpoint().address();
      if (!address.isEmpty()) {
        try {
          networks.reserve(InetAddress.getByName(address), container.record.id());
        } catch (UnknownHostException e) {
          throw new IllegalStateException("a stored address is not one: " + address, e);
        }
      }
    }
    tasks.adopt(lifecycle);
    lifecycle.reconcile();
  }

  public ContainerService containers() {
    return containers;
  }

  public ExecService execs() {
    return execs;
  }

  /** Ids of the containers made from an image. */
  public List<String> usersOfImage(String imageId, boolean runningOnly) {
    return store.all().stream()
        .map(c -> c.record)
        .filter(r -> r.imageId().equals(imageId) && (!runningOnly || r.state().running()))
        .map(ContainerRecord::id)
        .toList();
  }

  /** Ends all containers by their signals, at the same time; for a shutdown of the machine. */
  public void stopAll() {
    List<Container> running = store.all().stream().filter(Container::running).toList();
    if (running.isEmpty()) {
      return;
    }
    // Each may take its whole time-out: one must not wait for another's.
    ExecutorService stops =
        Executors.newFixedThreadPool(
            running.size(), task -> new Thread(task, "gantry-daemon-shutdown"));
    try {
      List<? extends Future<?>> all =
          running.stream().map(c -> stops.submit(() -> lifecycle.shutDown(c))).toList();
      for (Future<?> stop : all) {
        try {
          stop.get();
        } catch (ExecutionException e) {
          LOG.warn("a container could not be stopped: {}", String.valueOf(e.getCause()));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stops.shutdownNow();
    }
  }
}
