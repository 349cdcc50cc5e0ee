// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.runtime;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What {@link OciRuntime#create} needs.
 *
 * @param bundle a directory of the container's own, empty, for the runtime's files. {@code
 *     spec.root().path()} is absolute and may be a /proc/self/fd path to a detached mount.
 */
public record CreateRequest(String id, Path bundle, RuntimeSpec spec, StdioSpec stdio) {
  public CreateRequest {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(bundle, "bundle");
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(stdio, "stdio");
  }
}
