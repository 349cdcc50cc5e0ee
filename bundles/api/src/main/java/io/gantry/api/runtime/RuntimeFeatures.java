// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.runtime;

import java.util.List;
import java.util.Map;

/**
 * What a runtime is and can do.
 *
 * @param version of the runtime
 * @param commit as {@code docker info} prints it after {@code runc version}
 * @param features OCI features and optional abilities that work on this host
 */
public record RuntimeFeatures(
    String version,
    String commit,
    String ociVersion,
    List<String> features,
    Map<String, String> annotations) {
  public RuntimeFeatures {
    features = List.copyOf(features);
    annotations = Map.copyOf(annotations);
  }
}
