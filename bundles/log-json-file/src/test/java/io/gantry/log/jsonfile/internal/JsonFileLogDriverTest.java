// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import io.gantry.api.logging.LogDriver;
import io.gantry.tck.logging.LogDriverContract;
import java.util.Map;

class JsonFileLogDriverTest extends LogDriverContract {
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
    return Map.of("max-size", "9k", "max-file", "4");
  }
}
