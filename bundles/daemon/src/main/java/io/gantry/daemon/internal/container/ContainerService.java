// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerDetails.EndpointDetails;
import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerSpec.LifecycleOptions;
import io.gantry.api.engine.ContainerSpec.LogOptions;
import io.gantry.api.engine.ContainerSpec.ResourceOptions;
import io.gantry.api.engine.ContainerState;
import io.gantry.api.engine.ContainerState.Status;
import io.gantry.api.engine.Containers;
import io.gantry.api.engine.ImageDetails;
import io.gantry.api.engine.LogSink;
import io.gantry.api.engine.LogsRequest;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.Subscription;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.image.ImageStore;
import io.gantry.core.settings.Settings;
import io.gantry.core.state.Durability;
import io.gantry.core.task.TaskService;
import io.gantry.daemon.internal.Ids;
import io.gantry.daemon.internal.network.DefaultNetworks;
import io.gantry.daemon.internal.network.NetworkRecord;
import io.gantry.daemon.internal.spec.Capabilities;
import io.gantry.daemon.internal.spec.SecurityOpt;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Containers as the doors see them. */
public final class ContainerService implements Containers {
  private final ContainerStore store;
  private final Lifecycle lifecycle;
  private final TaskService tasks;
  private final ImageStore images;
  private final DriverRegistry drivers;
  private final DefaultNetworks networks;
  private final MountResolver mounts;
  private final TaskRequests requests;
  private final ContainerDirectory directory;
  private final ContainerEvents events;
  private final Settings settings;

  ContainerService(
      ContainerStore store,
      Lifecycle lifecycle,
      TaskService tasks,
      ImageStore images,
      DriverRegistry drivers,
      DefaultNetworks networks,
      MountResolver mounts,
      TaskRequests requests,
      ContainerDirectory directory,
      ContainerEvents events,
      Settings settings) {
    this.store = store;
    this.lifecycle = lifecycle;
    this.tasks = tasks;
    this.images = images;
    this.drivers = drivers;
    this.networks = networks;
    this.mounts = mounts;
    this.requests = requests;
    this.directory = directory;
    this.events = events;
    this.settings = settings;
  }

  @Override
  public Created create(String name, ContainerSpec spec) {
    String id = Ids.next();
    ImageDetails image = images.resolve(spec.image());
    ContainerSpec merged = withLog(ImageDefaults.merge(spec, image.config(), id));
    List<String> warnings = new ArrayList<>();
    check(merged);
    List<String> command = ImageDefaults.command(merged);
    Durability durability =
        merged.lifecycle().autoRemove() ? Durability.PROCESS : Durability.MACHINE;
    String chosen = reserveName(name, id);
    try {
      MountResolver.Resolved resolved = mounts.create(merged.mounts(), durability);
      String snapshotter = settings.storageDriver();
      String parent = images.snapshot(image.id(), snapshotter);
      drivers.call(DriverKind.STORAGE, snapshotter, driver -> driver.prepare(id, parent));
      ContainerState created = new ContainerState(Status.CREATED, 0, 0, "", false, null, null);
      ContainerRecord record =
          new ContainerRecord(
              id,
              chosen,
              Instant.now(),
              image.id(),
              command,
              merged,
              created,
              0,
              snapshotter,
              resolved.points(),
              resolved.noCopy(),
              endpoint(merged.network().mode()),
              false,
              null);
      store.add(new Container(record), durability);
      events.publish("create", record);
      return new Created(id, warnings);
    } catch (RuntimeException e) {
      store.free(chosen);
      throw e;
    }
  }

  /** A network that is not there is the start's to refuse, as Docker does it. */
  private EndpointDetails endpoint(String mode) {
    try {
      NetworkRecord network = networks.byMode(mode);
      return new EndpointDetails(network.spec().name(), network.spec().id(), "", "", "", 0, "");
    } catch (EngineException e) {
      if (e.kind() != ErrorKind.NOT_FOUND) {
        throw e;
      }
      return new EndpointDetails(mode, "", "", "", "", 0, "");
    }
  }

  private String reserveName(String name, String id) {
    if (name != null && !name.isEmpty()) {
      String checked = ContainerNames.check(name);
      store.reserve(checked, id);
      return checked;
    }
    String madeUp = ContainerNames.makeUp(store::nameTaken);
    store.reserve(madeUp, id);
    return madeUp;
  }

  private ContainerSpec withLog(ContainerSpec spec) {
    String driver =
        spec.log().driver() == null || spec.log().driver().isEmpty()
            ? settings.defaultLogDriver()
            : spec.log().driver();
    Map<String, String> options = new LinkedHashMap<>();
    if (driver.equals(settings.defaultLogDriver())) {
      for (String option : settings.defaultLogOptions()) {
        int equals = option.indexOf('=');
        options.put(option.substring(0, equals), option.substring(equals + 1));
      }
    }
    options.putAll(spec.log().options());
    return new ContainerSpec(
        spec.image(),
        spec.process(),
        spec.identity(),
        spec.mounts(),
        spec.network(),
        spec.security(),
        withSwap(spec.resources()),
        new LogOptions(driver, options),
        withRuntime(spec.lifecycle()));
  }

  /** As much swap as memory, unless said otherwise. */
  private static ResourceOptions withSwap(ResourceOptions r) {
    return r.memory() <= 0 || r.memorySwap() != 0
        ? r
        : new ResourceOptions(
            r.memory(),
            2 * r.memory(),
            r.memoryReservation(),
            r.nanoCpus(),
            r.cpuShares(),
            r.cpuPeriod(),
            r.cpuQuota(),
            r.cpusetCpus(),
            r.cpusetMems(),
            r.pidsLimit(),
            r.ulimits(),
            r.oomScoreAdj());
  }

  private LifecycleOptions withRuntime(LifecycleOptions l) {
    return l.runtime() != null && !l.runtime().isEmpty()
        ? l
        : new LifecycleOptions(
            l.restart(),
            l.restartMaximumRetries(),
            l.autoRemove(),
            l.stopSignal(),
            l.stopTimeoutSeconds(),
            settings.defaultRuntime(),
            l.containerIdFile());
  }

  private void check(ContainerSpec spec) {
    String driver = spec.log().driver();
    if (!driver.equals("none")) {
      if (!drivers.names(DriverKind.LOG).contains(driver)
          && !driver.equals(settings.defaultLogDriver())) {
        throw EngineException.invalid(
            "error looking up logging plugin " + driver + ": plugin \"" + driver + "\" not found");
      }
      drivers.call(
          DriverKind.LOG,
          driver,
          log -> {
            log.validate(spec.log().options());
            return null;
          });
    }
    String runtime = spec.lifecycle().runtime();
    // The default one may be away for a moment, while it is being updated: its start waits for it.
    if (runtime != null
        && !runtime.isEmpty()
        && !runtime.equals(settings.defaultRuntime())
        && !drivers.names(DriverKind.RUNTIME).contains(runtime)) {
      throw EngineException.invalid("Unknown runtime specified " + runtime);
    }
    if (spec.lifecycle().stopSignal() != null) {
      Signals.parse(spec.lifecycle().stopSignal());
    }
    String workingDir = spec.process().workingDir();
    if (workingDir != null && !workingDir.isEmpty() && !workingDir.startsWith("/")) {
      throw EngineException.invalid(
          "the working directory '" + workingDir + "' is invalid, it needs to be an absolute path");
    }
    for (String variable : spec.process().env()) {
      if (variable.isEmpty() || variable.startsWith("=")) {
        throw EngineException.invalid("invalid environment variable: " + variable);
      }
    }
    for (String host : spec.network().extraHosts()) {
      if (host.indexOf(':') < 1) {
        throw EngineException.invalid("bad format for add-host: \"" + host + "\"");
      }
    }
    if (spec.mounts().shmSize() < 0) {
      throw EngineException.invalid("SHM size can not be less than 0");
    }
    for (String target : spec.mounts().tmpfs().keySet()) {
      if (!target.startsWith("/")) {
        throw EngineException.invalid(
            "invalid mount path: '" + target + "' mount path must be absolute");
      }
    }
    RestartChecks.check(spec.lifecycle());
    ResourceChecks.check(spec.resources());
    Capabilities.check(spec.security());
    SecurityOpt.parse(spec.security().securityOpt());
  }

  @Override
  public void start(String container) {
    lifecycle.start(store.find(container));
  }

  @Override
  public void stop(String container, String signal, Integer timeoutSeconds) {
    lifecycle.stop(store.find(container), signal, timeoutSeconds);
  }

  @Override
  public void restart(String container, String signal, Integer timeoutSeconds) {
    lifecycle.restart(store.find(container), signal, timeoutSeconds);
  }

  @Override
  public void kill(String container, String signal) {
    lifecycle.kill(store.find(container), signal);
  }

  @Override
  public void rename(String container, String newName) {
    Container found = store.find(container);
    if (newName == null || newName.isEmpty()) {
      throw EngineException.invalid("Neither old nor new names may be empty");
    }
    found.lock.lock();
    try {
      String old = found.record.name();
      String name = newName.startsWith("/") ? newName.substring(1) : newName;
      if (old.equals(name)) {
        throw EngineException.invalid(
            "Renaming a container with the same name as its current name");
      }
      try {
        ContainerNames.check("/" + name);
        store.reserve(name, found.record.id());
      } catch (EngineException e) {
        throw new EngineException(e.kind(), "Error when allocating new name: " + e.getMessage(), e);
      }
      store.update(found, found.record.withName(name), Durability.MACHINE);
      store.free(old);
      events.publish("rename", found.record, Map.of("oldName", "/" + old));
    } finally {
      found.lock.unlock();
    }
  }

  @Override
  public void remove(String container, boolean force, boolean volumes) {
    lifecycle.remove(store.find(container), force, volumes);
  }

  @Override
  public ContainerDetails inspect(String container) {
    return store.find(container).record.details(directory);
  }

  @Override
  public List<ContainerDetails> list(boolean all) {
    return store.all().stream()
        .map(c -> c.record)
        .filter(r -> all || r.state().running())
        .map(r -> r.details(directory))
        .toList();
  }

  @Override
  public Sizes sizes(String container) {
    ContainerRecord record = store.find(container).record;
    long writable =
        drivers.call(
            DriverKind.STORAGE, record.snapshotter(), driver -> driver.usage(record.id()).bytes());
    return new Sizes(writable, writable + images.resolve(record.imageId()).size());
  }

  @Override
  public CompletionStage<WaitResult> waitFor(String container, WaitCondition condition) {
    return store.find(container).waitFor(condition);
  }

  @Override
  public AttachedStreams attach(String container, AttachRequest request, OutputSink output) {
    Container found = store.find(container);
    ContainerRecord record = found.record;
    if (!found.running() && !request.stream()) {
      return logOf(record, request, output);
    }
    AttachedStreams streams =
        tasks.attach(record.id(), record.spec().process().tty(), request, output);
    events.publish("attach", record);
    return streams;
  }

  /** What is there to see of a container that does not run. */
  private AttachedStreams logOf(ContainerRecord record, AttachRequest request, OutputSink output) {
    boolean terminal = record.spec().process().tty();
    if (!request.logs()) {
      output.end(null);
      return new AttachedStreams(new NoInput(), terminal, () -> {});
    }
    Subscription subscription =
        logs(
            record.id(),
            new LogsRequest(new LogQuery(request.stdout(), request.stderr(), 0, 0, -1), false),
            new LogToOutput(output));
    return new AttachedStreams(new NoInput(), terminal, subscription);
  }

  @Override
  public void resize(String container, int height, int width) {
    Container found = store.find(container);
    if (!found.running()) {
      throw EngineException.conflict("Container " + found.record.id() + " is not running");
    }
    tasks.resize(found.record.id(), height, width);
    events.publish(
        "resize",
        found.record,
        Map.of("height", Integer.toString(height), "width", Integer.toString(width)));
  }

  @Override
  public Subscription logs(String container, LogsRequest request, LogSink sink) {
    ContainerRecord record = store.find(container).record;
    String driver = record.spec().log().driver();
    if (driver.equals("none")) {
      throw EngineException.unsupported("configured logging driver does not support reading");
    }
    return tasks.logs(record.id(), driver, requests.logTarget(record), request, sink);
  }

  @Override
  public ProcessTable top(String container, List<String> psArguments) {
    Container found = store.find(container);
    if (!found.running()) {
      throw EngineException.conflict("Container " + found.record.id() + " is not running");
    }
    events.publish("top", found.record);
    return HostProcesses.list(tasks.processes(found.record.id()), psArguments);
  }

  /** Ids of the containers that refer to a volume. */
  public List<String> usersOfVolume(String name) {
    return store.all().stream()
        .map(c -> c.record)
        .filter(
            r ->
                r.mounts().stream()
                    .anyMatch(m -> m.type().equals("volume") && m.name().equals(name)))
        .map(ContainerRecord::id)
        .toList();
  }
}
