// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.ImageDetails;
import io.gantry.api.engine.ImageDetails.ImageConfig;
import io.gantry.api.engine.Images.HistoryEntry;
import io.gantry.api.engine.Images.LoadProgress;
import io.gantry.api.error.EngineException;
import io.gantry.core.image.ImageStore;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** One image, {@code busybox:latest} at first. */
final class OneImage implements ImageStore {
  static final String ID = "sha256:" + "ab".repeat(32);
  static final ImageConfig CONFIG =
      new ImageConfig(
          "",
          Set.of(),
          List.of(),
          null,
          List.of("sh"),
          Set.of(),
          "",
          Map.of(),
          "",
          List.of(),
          null);

  final List<String> names = new ArrayList<>(List.of("busybox:latest"));
  boolean deleted;

  @Override
  public List<ImageDetails> list() {
    return List.of(resolve(ID));
  }

  @Override
  public ImageDetails resolve(String image) {
    String full = image.contains(":") ? image : image + ":latest";
    boolean byId = ID.startsWith(image) || ID.startsWith("sha256:" + image);
    if (deleted || !(names.contains(full) || byId)) {
      throw EngineException.notFound("No such image: " + full);
    }
    return new ImageDetails(
        ID,
        names,
        List.of(),
        "",
        "",
        Instant.EPOCH,
        "amd64",
        "",
        "linux",
        7,
        List.of(),
        null,
        CONFIG);
  }

  @Override
  public void tag(String imageId, String reference) {
    names.add(reference);
  }

  @Override
  public String untag(String reference) {
    String full = reference.contains(":") ? reference : reference + ":latest";
    names.remove(full);
    return full;
  }

  @Override
  public List<String> delete(String imageId) {
    deleted = true;
    return List.of(imageId);
  }

  @Override
  public void load(
      InputStream archive, Consumer<LoadProgress> progress, Consumer<ImageDetails> loaded) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ImageDetails importArchive(
      InputStream archive,
      String reference,
      String message,
      List<String> changes,
      String platform) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<HistoryEntry> history(String imageId) {
    return List.of();
  }

  @Override
  public byte[] configuration(String imageId) {
    return new byte[0];
  }

  @Override
  public String snapshot(String imageId, String snapshotter) {
    return "sha256:chain";
  }
}
