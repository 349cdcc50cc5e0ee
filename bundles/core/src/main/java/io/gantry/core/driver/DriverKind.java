// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.driver;

import io.gantry.api.logging.LogDriver;
import io.gantry.api.network.NetworkDriver;
import io.gantry.api.runtime.OciRuntime;
import io.gantry.api.storage.Snapshotter;
import io.gantry.api.volume.VolumeDriver;
import java.util.List;
import java.util.Objects;

/** A kind of driver and its SPI. {@code name} is what the user reads. */
public record DriverKind<D>(String name, Class<D> type) {
  public static final DriverKind<Snapshotter> STORAGE =
      new DriverKind<>("storage", Snapshotter.class);
  public static final DriverKind<OciRuntime> RUNTIME =
      new DriverKind<>("runtime", OciRuntime.class);
  public static final DriverKind<NetworkDriver> NETWORK =
      new DriverKind<>("network", NetworkDriver.class);
  public static final DriverKind<VolumeDriver> VOLUME =
      new DriverKind<>("volume", VolumeDriver.class);
  public static final DriverKind<LogDriver> LOG = new DriverKind<>("log", LogDriver.class);

  public static final List<DriverKind<?>> ALL = List.of(STORAGE, RUNTIME, NETWORK, VOLUME, LOG);

  /** The service property that names a driver within its kind. */
  public static final String NAME_PROPERTY = "gantry.driver";

  public DriverKind {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }
}
