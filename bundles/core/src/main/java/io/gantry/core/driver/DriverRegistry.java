// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.driver;

import io.gantry.api.engine.Drivers.DriverDetails;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The drivers that are there, and the only way to call one. A call holds a lease: a driver that is
 * being taken away gets no new leases, and those held are waited for. A lease covers one call;
 * nothing of a driver is kept beyond it.
 */
@ProviderType
public interface DriverRegistry {
  /**
   * Calls a driver. If it is away, waits for it for a bounded time.
   *
   * @throws io.gantry.api.error.EngineException UNAVAILABLE if the driver did not come back in
   *     time, naming it and the command that brings it back; NOT_FOUND if no driver of that name
   *     was ever there; DEADLINE if the call was interrupted because it held up an update for too
   *     long; whatever the driver throws
   */
  <D, R> R call(DriverKind<D> kind, String name, Function<? super D, R> call);

  /** The names of the drivers of a kind that are there now, sorted. */
  List<String> names(DriverKind<?> kind);

  List<DriverDetails> list();

  /** See {@link io.gantry.api.engine.Drivers#update}. */
  DriverDetails update(String driver, Path jar);
}
