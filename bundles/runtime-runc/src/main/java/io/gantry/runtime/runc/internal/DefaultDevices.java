// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.RuntimeSpec.Device;
import java.util.List;

/**
 * What every container has in /dev, whether its spec says so or not (OCI runtime spec,
 * config-linux.md).
 */
final class DefaultDevices {
  static final List<Device> LIST =
      List.of(
          device("/dev/null", 1, 3),
          device("/dev/zero", 1, 5),
          device("/dev/full", 1, 7),
          device("/dev/random", 1, 8),
          device("/dev/urandom", 1, 9),
          device("/dev/tty", 5, 0));

  private DefaultDevices() {}

  private static Device device(String path, long major, long minor) {
    return new Device(path, "c", major, minor, 0666, 0, 0);
  }
}
