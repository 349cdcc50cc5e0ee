// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.storage;

import io.gantry.api.storage.Mount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Makes the mounts of a snapshot visible for a while. */
public interface Trees {
  /** What a case does with a tree. */
  interface Use {
    void of(Path tree) throws IOException;
  }

  void use(List<Mount> mounts, Use use) throws IOException;

  /** For drivers whose snapshots are one bind mount each: the directory itself, nothing mounted. */
  static Trees ofBindMounts() {
    return (mounts, use) -> {
      if (mounts.size() != 1 || !mounts.get(0).type().equals("bind")) {
        throw new AssertionError("expected one bind mount, not " + mounts);
      }
      use.of(Path.of(mounts.get(0).source()));
    };
  }
}
