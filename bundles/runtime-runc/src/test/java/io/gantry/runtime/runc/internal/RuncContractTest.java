// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.OciRuntime;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.tck.runtime.OciRuntimeContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

@Tag("root")
class RuncContractTest extends OciRuntimeContract {
  @TempDir Path image;

  @AfterAll
  static void removeParentCgroups() {
    TestContainer.removeParentCgroups();
  }

  @Override
  protected OciRuntime open() {
    return new RuncRuntime();
  }

  @Override
  protected RuntimeSpec spec(String id, List<String> command) {
    TestContainer container = new TestContainer(image, id);
    if (!image.resolve("rootfs").toFile().exists()) {
      try {
        container = new TestContainer(image);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
      container = new TestContainer(image, id);
    }
    container.args = command;
    return container.spec();
  }
}
