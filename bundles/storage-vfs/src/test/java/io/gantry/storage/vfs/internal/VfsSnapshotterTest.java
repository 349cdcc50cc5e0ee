// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.vfs.internal;

import io.gantry.api.storage.Snapshotter;
import io.gantry.tck.storage.SnapshotterContract;
import io.gantry.tck.storage.Trees;
import java.io.IOException;
import java.nio.file.Path;

class VfsSnapshotterTest extends SnapshotterContract {
  @Override
  protected Snapshotter open(Path directory) throws IOException {
    return new VfsSnapshotter(directory);
  }

  @Override
  protected void close(Snapshotter snapshotter) {
    ((VfsSnapshotter) snapshotter).close();
  }

  @Override
  protected Trees trees() {
    return Trees.ofBindMounts();
  }
}
