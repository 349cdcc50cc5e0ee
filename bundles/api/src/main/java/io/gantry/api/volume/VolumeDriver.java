// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.volume;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A volume driver. Names and labels of volumes are the engine's state; the driver keeps the content
 * and its own options, on disk. {@link #mount} is counted by the caller's {@code mountId}: the same
 * id twice is one mount, and unmounting an unknown id does nothing, so that both can be repeated
 * after a crash. The service property {@code gantry.driver} names the driver ({@code local}).
 */
@ConsumerType
public interface VolumeDriver {
  /**
   * Makes a volume; an existing one is returned as it is, with the options that it has.
   *
   * @throws io.gantry.api.error.EngineException INVALID for a bad name or option
   */
  VolumeInfo create(String name, Map<String, String> driverOptions);

  /**
   * @throws io.gantry.api.error.EngineException NOT_FOUND
   */
  VolumeInfo get(String name);

  List<VolumeInfo> list();

  /**
   * @throws io.gantry.api.error.EngineException NOT_FOUND, CONFLICT while it is mounted
   */
  void remove(String name);

  /**
   * Makes the content available on the host and returns where.
   *
   * @throws io.gantry.api.error.EngineException NOT_FOUND, INVALID for options that the kernel
   *     refuses
   */
  Path mount(String name, String mountId);

  void unmount(String name, String mountId);
}
