// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.storage;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A further ability of a {@link Snapshotter}: layers can be written before their parents exist, so
 * that the layers of one image unpack in parallel. The layer is written into {@link #directory} as
 * overlayfs keeps it: a removed entry is a character device 0/0, a hidden directory carries {@code
 * trusted.overlay.opaque=y}.
 */
@ConsumerType
public interface LayerDirectories {
  /**
   * The directory that holds only the changes of the active snapshot {@code key}, prepared with no
   * parent.
   *
   * @throws io.gantry.api.error.EngineException NOT_FOUND, INVALID if it is not active or has a
   *     parent
   */
  Path directory(String key);

  /**
   * As {@link Snapshotter#commit}, on a parent that was not named before.
   *
   * @throws io.gantry.api.error.EngineException NOT_FOUND, CONFLICT, INVALID
   */
  void commitOnto(String name, String key, String parent);
}
