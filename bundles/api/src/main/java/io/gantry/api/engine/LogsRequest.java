// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import io.gantry.api.logging.LogQuery;
import java.util.Objects;

/** Which part of a log is wanted, and whether to go on with what comes. */
public record LogsRequest(LogQuery query, boolean follow) {
  public LogsRequest {
    Objects.requireNonNull(query, "query");
  }
}
