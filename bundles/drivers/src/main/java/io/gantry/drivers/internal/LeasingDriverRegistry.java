// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.drivers.internal;

import io.gantry.api.engine.Drivers.DriverDetails;
import io.gantry.api.error.EngineException;
import io.gantry.api.logging.LogDriver;
import io.gantry.api.network.NetworkDriver;
import io.gantry.api.runtime.OciRuntime;
import io.gantry.api.storage.Snapshotter;
import io.gantry.api.volume.VolumeDriver;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.settings.Settings;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The registry of all kinds of drivers, on the framework's service registry. */
@Component(service = DriverRegistry.class, immediate = true)
public final class LeasingDriverRegistry implements DriverRegistry {
  private static final Logger log = LoggerFactory.getLogger(LeasingDriverRegistry.class);

  private final Map<Key, DriverSlot> slots = new ConcurrentHashMap<>();
  private final Patience patience;
  private final long startedAt = System.nanoTime();
  private final DriverUpdate update;

  private record Key(String kind, String name) {}

  @Activate
  public LeasingDriverRegistry(BundleContext context, @Reference Settings settings) {
    this(context, directory(settings), Patience.DEFAULT);
    update.installAgain();
  }

  /** The instance's own, beside the bundle cache. */
  private static Path directory(Settings settings) {
    String base = System.getProperty("karaf.base");
    return (base == null ? settings.dataRoot() : Path.of(base)).resolve("drivers");
  }

  LeasingDriverRegistry(BundleContext context, Path directory, Patience patience) {
    this.patience = patience;
    this.update = new DriverUpdate(context, directory, patience);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindSnapshotter(ServiceReference<Snapshotter> reference, Snapshotter driver) {
    bind(DriverKind.STORAGE, reference, driver);
  }

  void unbindSnapshotter(Snapshotter driver) {
    unbind(DriverKind.STORAGE, driver);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindRuntime(ServiceReference<OciRuntime> reference, OciRuntime driver) {
    bind(DriverKind.RUNTIME, reference, driver);
  }

  void unbindRuntime(OciRuntime driver) {
    unbind(DriverKind.RUNTIME, driver);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindNetworkDriver(ServiceReference<NetworkDriver> reference, NetworkDriver driver) {
    bind(DriverKind.NETWORK, reference, driver);
  }

  void unbindNetworkDriver(NetworkDriver driver) {
    unbind(DriverKind.NETWORK, driver);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindVolumeDriver(ServiceReference<VolumeDriver> reference, VolumeDriver driver) {
    bind(DriverKind.VOLUME, reference, driver);
  }

  void unbindVolumeDriver(VolumeDriver driver) {
    unbind(DriverKind.VOLUME, driver);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindLogDriver(ServiceReference<LogDriver> reference, LogDriver driver) {
    bind(DriverKind.LOG, reference, driver);
  }

  void unbindLogDriver(LogDriver driver) {
    unbind(DriverKind.LOG, driver);
  }

  private <D> void bind(DriverKind<D> kind, ServiceReference<? extends D> reference, D driver) {
    DriverOrigin origin = DriverOrigin.of(reference);
    if (origin.name() == null) {
      log.warn(
          "ignoring a {} driver of bundle {}: its service lacks the property {}",
          kind.name(),
          origin.bundle(),
          DriverKind.NAME_PROPERTY);
      return;
    }
    bind(kind, origin, driver);
  }

  void bind(DriverKind<?> kind, DriverOrigin origin, Object driver) {
    slots
        .computeIfAbsent(
            new Key(kind.name(), origin.name()), key -> new DriverSlot(kind, key.name(), patience))
        .bind(origin, driver);
    log.info(
        "{} driver {} is there, from {} {}",
        kind.name(),
        origin.name(),
        origin.bundle(),
        origin.version());
  }

  void unbind(DriverKind<?> kind, Object driver) {
    for (DriverSlot slot : slots.values()) {
      if (slot.kind().equals(kind)) {
        slot.unbind(driver);
      }
    }
  }

  @Override
  public <D, R> R call(DriverKind<D> kind, String name, Function<? super D, R> call) {
    return slot(kind, name).call(driver -> call.apply(kind.type().cast(driver)));
  }

  /** At start-up drivers may come after the first that asks for them. */
  private DriverSlot slot(DriverKind<?> kind, String name) {
    Key key = new Key(kind.name(), name);
    DriverSlot slot = slots.get(key);
    while (slot == null) {
      if (System.nanoTime() - startedAt > patience.startup().toNanos()) {
        throw EngineException.notFound(
            "there is no "
                + kind.name()
                + " driver \""
                + name
                + "\"; there are: "
                + String.join(", ", names(kind)));
      }
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw EngineException.unavailable(
            "interrupted while waiting for the " + kind.name() + " driver \"" + name + "\"");
      }
      slot = slots.get(key);
    }
    return slot;
  }

  /** See {@link DriverUpdate#installAgain}. */
  void installAgain() {
    update.installAgain();
  }

  @Override
  public List<String> names(DriverKind<?> kind) {
    return slots.values().stream()
        .filter(slot -> slot.kind().equals(kind) && slot.here())
        .map(DriverSlot::name)
        .sorted()
        .toList();
  }

  @Override
  public List<DriverDetails> list() {
    return slots.values().stream()
        .map(DriverSlot::details)
        .sorted(Comparator.comparing(DriverDetails::kind).thenComparing(DriverDetails::name))
        .toList();
  }

  @Override
  public DriverDetails update(String driver, Path jar) {
    List<DriverSlot> named =
        slots.values().stream()
            .filter(slot -> slot.name().equals(driver) || slot.origin().bundle().equals(driver))
            .toList();
    if (named.isEmpty()) {
      throw EngineException.notFound(
          "there is no driver \"" + driver + "\"; gantry:drivers lists those that there are");
    }
    List<Long> bundles = named.stream().map(slot -> slot.origin().bundleId()).distinct().toList();
    if (bundles.size() > 1) {
      throw EngineException.invalid(
          "\""
              + driver
              + "\" names several drivers; name the bundle instead: "
              + String.join(
                  ", ", named.stream().map(slot -> slot.origin().bundle()).sorted().toList()));
    }
    List<DriverSlot> all =
        slots.values().stream()
            .filter(slot -> slot.origin().bundleId() == bundles.get(0) && slot.here())
            .toList();
    update.run(bundles.get(0), all.isEmpty() ? named : all, jar);
    return named.get(0).details();
  }
}
