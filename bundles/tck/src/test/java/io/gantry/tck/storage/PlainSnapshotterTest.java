// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.storage;

import io.gantry.api.storage.Snapshotter;
import java.nio.file.Path;

/** The contract can be kept. */
class PlainSnapshotterTest extends SnapshotterContract {
  @Override
  protected Snapshotter open(Path directory) {
    return new PlainSnapshotter(directory);
  }

  @Override
  protected void close(Snapshotter snapshotter) {}

  @Override
  protected Trees trees() {
    return Trees.ofBindMounts();
  }
}
