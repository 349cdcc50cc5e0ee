// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An image. Strings are empty where the image's configuration says nothing.
 *
 * @param id digest of the configuration, {@code sha256:...}
 * @param size bytes of all layers, unpacked
 * @param lastTagged null if never
 */
public record ImageDetails(
    String id,
    List<String> repoTags,
    List<String> repoDigests,
    String comment,
    String author,
    Instant created,
    String architecture,
    String variant,
    String os,
    long size,
    List<String> diffIds,
    Instant lastTagged,
    ImageConfig config) {
  public ImageDetails {
    repoTags = List.copyOf(repoTags);
    repoDigests = List.copyOf(repoDigests);
    diffIds = List.copyOf(diffIds);
  }

  /**
   * The image's defaults for containers; {@code entrypoint} and {@code cmd} null where it has none.
   */
  public record ImageConfig(
      String user,
      Set<String> exposedPorts,
      List<String> env,
      List<String> entrypoint,
      List<String> cmd,
      Set<String> volumes,
      String workingDir,
      Map<String, String> labels,
      String stopSignal,
      List<String> onBuild,
      List<String> shell) {}
}
