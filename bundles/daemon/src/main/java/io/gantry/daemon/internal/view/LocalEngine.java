// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.view;

import io.gantry.api.auth.Authorizer;
import io.gantry.api.auth.Principal;
import io.gantry.api.engine.Containers;
import io.gantry.api.engine.Drivers;
import io.gantry.api.engine.Engine;
import io.gantry.api.engine.EngineView;
import io.gantry.api.engine.Events;
import io.gantry.api.engine.Execs;
import io.gantry.api.engine.Images;
import io.gantry.api.engine.Networks;
import io.gantry.api.engine.SystemInfo;
import io.gantry.api.engine.Volumes;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.engine.HostShutdown;
import io.gantry.core.image.ImageStore;
import io.gantry.core.settings.Settings;
import io.gantry.core.state.StateStore;
import io.gantry.core.task.TaskService;
import io.gantry.daemon.internal.container.ContainerModule;
import io.gantry.daemon.internal.event.EventLog;
import io.gantry.daemon.internal.image.ImageService;
import io.gantry.daemon.internal.network.DefaultNetworks;
import io.gantry.daemon.internal.network.NetworkService;
import io.gantry.daemon.internal.spec.SpecBuilder;
import io.gantry.daemon.internal.system.HostFacts;
import io.gantry.daemon.internal.system.SystemService;
import io.gantry.daemon.internal.volume.VolumeService;
import io.gantry.daemon.internal.volume.VolumeStore;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The engine of this machine. It is there once it has taken over what runs. */
@Component(
    service = {Engine.class, HostShutdown.class},
    immediate = true)
public final class LocalEngine implements Engine, HostShutdown {
  private static final int WORKERS = 16;

  private final List<Authorizer> authorizers = new CopyOnWriteArrayList<>();
  private final ScheduledThreadPoolExecutor workers;
  private final EventLog events;
  private final ContainerModule containers;
  private final EngineView services;

  @Activate
  public LocalEngine(
      BundleContext context,
      @Reference Settings settings,
      @Reference StateStore state,
      @Reference DriverRegistry registry,
      @Reference ImageStore imageStore,
      @Reference TaskService tasks) {
    workers =
        new ScheduledThreadPoolExecutor(
            WORKERS,
            task -> {
              Thread thread = new Thread(task, "gantry-daemon");
              thread.setDaemon(true);
              return thread;
            });
    workers.setRemoveOnCancelPolicy(true);
    HostFacts host = new HostFacts();
    events = new EventLog(workers);
    DefaultNetworks networks = new DefaultNetworks(settings, state, registry);
    VolumeStore volumes = new VolumeStore(state, registry, events);
    SpecBuilder specs =
        new SpecBuilder(
            settings.cgroupParent(), host.unifiedCgroups(), System.getProperty("os.arch"));
    containers =
        new ContainerModule(
            settings,
            state,
            registry,
            imageStore,
            tasks,
            networks,
            volumes,
            events,
            specs,
            workers,
            host.bootId());
    volumes.usedBy(containers.containers()::usersOfVolume);
    Version version = context.getBundle().getVersion();
    services =
        new Services(
            containers.containers(),
            containers.execs(),
            new ImageService(imageStore, containers, events),
            new VolumeService(volumes),
            new NetworkService(networks, () -> containers.containers().list(false)),
            new SystemService(
                host,
                settings,
                registry,
                () -> containers.containers().list(true),
                () -> imageStore.list().size(),
                events::listeners,
                version.getMajor() + "." + version.getMinor() + "." + version.getMicro()),
            events,
            new RegistryDrivers(registry));
    containers.adopt();
  }

  private record Services(
      Containers containers,
      Execs execs,
      Images images,
      Volumes volumes,
      Networks networks,
      SystemInfo system,
      Events events,
      Drivers drivers)
      implements EngineView {}

  private record RegistryDrivers(DriverRegistry registry) implements Drivers {
    @Override
    public List<DriverDetails> list() {
      return registry.list();
    }

    @Override
    public DriverDetails update(String driver, Path jar) {
      return registry.update(driver, jar);
    }
  }

  @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
  void addAuthorizer(Authorizer authorizer) {
    authorizers.add(authorizer);
  }

  void removeAuthorizer(Authorizer authorizer) {
    authorizers.remove(authorizer);
  }

  @Override
  public EngineView as(Principal principal) {
    return new AuthorizedView(services, principal, () -> authorizers);
  }

  @Override
  public void stopContainers() {
    containers.stopAll();
  }

  @Deactivate
  void close() {
    events.close();
    workers.shutdownNow();
  }
}
