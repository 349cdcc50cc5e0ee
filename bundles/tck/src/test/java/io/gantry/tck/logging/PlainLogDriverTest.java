// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.logging;

import io.gantry.api.logging.LogDriver;
import io.gantry.api.logging.LogEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

class PlainLogDriverTest extends LogDriverContract {
  private final Map<String, NavigableMap<Long, List<LogEntry>>> disk = new HashMap<>();

  @Override
  protected LogDriver open() {
    return new PlainLogDriver(disk);
  }

  @Override
  protected void close(LogDriver driver) {}

  @Override
  protected Map<String, String> smallFiles() {
    return Map.of();
  }
}
