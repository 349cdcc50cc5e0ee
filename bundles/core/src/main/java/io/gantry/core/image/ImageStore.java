// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.image;

import io.gantry.api.engine.ImageDetails;
import io.gantry.api.engine.Images.HistoryEntry;
import io.gantry.api.engine.Images.LoadProgress;
import java.io.InputStream;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * References, manifests, configurations and layers. Knows nothing of containers, events or callers.
 */
@ProviderType
public interface ImageStore {
  List<ImageDetails> list();

  /**
   * Finds an image by reference, id or unique prefix of an id.
   *
   * @throws io.gantry.api.error.EngineException NOT_FOUND, INVALID for a malformed reference
   */
  ImageDetails resolve(String image);

  void tag(String imageId, String reference);

  /** Takes a name away, normalised as in {@code busybox:latest}; returns the normalised name. */
  String untag(String reference);

  /**
   * Removes an image that has no names left, and the layers that no other image uses, in order.
   *
   * @return the digests of what was deleted: the image, then its layers' chain ids
   */
  List<String> delete(String imageId);

  /**
   * The images that were loaded, in order, by reference or else id. {@code loaded} is called for
   * each at its end.
   */
  void load(InputStream archive, Consumer<LoadProgress> progress, Consumer<ImageDetails> loaded);

  ImageDetails importArchive(
      InputStream archive, String reference, String message, List<String> changes, String platform);

  List<HistoryEntry> history(String imageId);

  /** The configuration's bytes as they were loaded. */
  byte[] configuration(String imageId);

  /**
   * The committed snapshot that is the image's root file system on {@code snapshotter}; unpacks
   * layers that are not there yet.
   *
   * @return the chain id
   */
  String snapshot(String imageId, String snapshotter);
}
