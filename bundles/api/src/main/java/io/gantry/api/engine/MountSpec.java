// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import java.util.Map;
import java.util.Objects;

/**
 * One {@code --mount}.
 *
 * @param type {@code bind}, {@code volume}, {@code tmpfs}
 * @param source a path or a volume's name; empty for an anonymous volume or a tmpfs
 * @param propagation {@code rprivate} and its like, empty for the default; bind only
 * @param tmpfsSize bytes, 0 for no limit
 * @param tmpfsMode permission bits, null for 1777
 */
public record MountSpec(
    String type,
    String source,
    String target,
    boolean readOnly,
    String propagation,
    boolean nonRecursive,
    boolean createMountpoint,
    boolean noCopy,
    Map<String, String> volumeLabels,
    String volumeDriver,
    Map<String, String> volumeDriverOptions,
    long tmpfsSize,
    Integer tmpfsMode) {
  public MountSpec {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(target, "target");
    volumeLabels = Map.copyOf(volumeLabels);
    volumeDriverOptions = Map.copyOf(volumeDriverOptions);
  }
}
