// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.volume;

import io.gantry.api.volume.VolumeDriver;
import java.nio.file.Path;
import java.util.Map;

class PlainVolumeDriverTest extends VolumeDriverContract {
  private final Map<String, PlainVolumeDriver.Entry> books = PlainVolumeDriver.emptyBooks();

  @Override
  protected VolumeDriver open(Path root) {
    return new PlainVolumeDriver(root, books);
  }
}
