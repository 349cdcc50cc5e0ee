// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import io.gantry.api.logging.LogDriver;
import io.gantry.tck.logging.LogDriverContract;
import java.util.Map;

/** The same contract with rotated files compressed behind its back. */
class CompressedLogTest extends LogDriverContract {
  @Override
  protected LogDriver open() {
    return new JsonFileLogDriver();
  }

  @Override
  protected void close(LogDriver driver) {
    ((JsonFileLogDriver) driver).deactivate();
  }

  @Override
  protected Map<String, String> smallFiles() {
    return Map.of("max-size", "9k", "max-file", "4", "compress", "true");
  }
}
