// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** The driver bundles of the running engine. */
@ProviderType
public interface Drivers {
  List<DriverDetails> list();

  /**
   * Puts another jar in the place of a driver's bundle, while the engine runs. Waits for calls in
   * flight, awaits the new one's activation, and puts the jar before it back if that fails.
   *
   * @param driver the driver's name ({@code overlay2}) or its bundle's symbolic name
   * @return the driver as it is now
   * @throws io.gantry.api.error.EngineException NOT_FOUND; INVALID if the jar is no bundle of that
   *     driver; UNAVAILABLE if it did not activate, after the one before was put back
   */
  DriverDetails update(String driver, Path jar);

  /**
   * @param kind {@code storage}, {@code runtime}, {@code network}, {@code volume}, {@code log}
   * @param state {@code ACTIVE}, {@code AWAY}, {@code STUCK}
   * @param leases calls in flight
   */
  record DriverDetails(
      String kind,
      String name,
      String bundle,
      String version,
      long bundleId,
      String state,
      int leases) {}
}
