// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Images. Wherever one is named, a reference ({@code busybox}, {@code busybox:1}, {@code
 * name@sha256:...}), an id or a unique prefix of it will do; an unknown one is NOT_FOUND with
 * {@code No such image: X}.
 */
@ProviderType
public interface Images {
  List<ImageDetails> list();

  ImageDetails inspect(String image);

  /** Adds a name to an image. */
  void tag(String image, String newReference);

  /**
   * Takes a name away, or the image with its names.
   *
   * @return what happened, in order, as {@code docker rmi} prints it
   * @throws io.gantry.api.error.EngineException CONFLICT if a container uses it or it has several
   *     names
   */
  List<Removal> remove(String image, boolean force, boolean prune);

  /** One of the two is null. */
  record Removal(String untagged, String deleted) {}

  /**
   * Reads a docker-archive or an OCI layout, plain, gzip or zstd; never a whole layer in memory.
   */
  void load(InputStream archive, Consumer<LoadProgress> progress);

  /**
   * One line for the user ({@code Loaded image: x}); the byte counters are 0 where they do not
   * apply.
   */
  record LoadProgress(
      String layerId, String status, long currentBytes, long totalBytes, String line) {}

  /**
   * Makes an image of one layer from a tar.
   *
   * @param reference null for none
   * @param changes Dockerfile instructions
   * @return the image's id
   */
  String importArchive(
      InputStream archive, String reference, String message, List<String> changes, String platform);

  List<HistoryEntry> history(String image);

  /**
   * {@code id} is {@code <missing>} for layers without an image of their own; bytes; seconds since
   * the epoch.
   */
  record HistoryEntry(
      String id, long created, String createdBy, List<String> tags, long size, String comment) {
    public HistoryEntry {
      tags = List.copyOf(tags);
    }
  }
}
