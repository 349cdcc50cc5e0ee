// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import io.gantry.api.engine.ImageDetails;
import io.gantry.api.engine.ImageDetails.ImageConfig;
import io.gantry.api.engine.Images;
import io.gantry.api.error.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

final class FakeImages implements Images {
  static final String ID =
      "sha256:9ee9842f6c73abf3128bbef48678c06b04d14f32cae4d201e69850c73e0e812e";
  final List<ImageDetails> images = new ArrayList<>();
  final AtomicLong loadedBytes = new AtomicLong();
  volatile RuntimeException loadFailure;

  FakeImages() {
    images.add(image(ID, List.of("bench/busybox:latest", "busybox:latest")));
  }

  static ImageDetails image(String id, List<String> tags) {
    return new ImageDetails(
        id,
        tags,
        List.of(),
        "",
        "",
        Instant.parse("2024-01-01T00:00:00Z"),
        "amd64",
        "",
        "linux",
        1984172,
        List.of("sha256:0a8d7b524b5857e16febab1ab146f60f94058cf18d242f7869bc0820c1272eba"),
        Instant.parse("2026-11-24T12:03:56.379669888Z"),
        new ImageConfig(
            "",
            null,
            List.of("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
            null,
            List.of("sh"),
            null,
            "",
            Map.of(),
            "",
            null,
            null));
  }

  @Override
  public List<ImageDetails> list() {
    return List.copyOf(images);
  }

  @Override
  public ImageDetails inspect(String image) {
    String tagged = image.contains(":") ? image : image + ":latest";
    return images.stream()
        .filter(i -> i.repoTags().contains(tagged) || i.id().equals(image))
        .findFirst()
        .orElseThrow(() -> EngineException.notFound("No such image: " + tagged));
  }

  @Override
  public void tag(String image, String newReference) {
    ImageDetails old = inspect(image);
    List<String> tags = new ArrayList<>(old.repoTags());
    tags.add(newReference);
    images.remove(old);
    images.add(image(old.id(), tags));
  }

  @Override
  public List<Removal> remove(String image, boolean force, boolean prune) {
    ImageDetails found = inspect(image);
    images.remove(found);
    return List.of(new Removal("busybox:latest", null), new Removal(null, found.id()));
  }

  @Override
  public void load(InputStream archive, Consumer<LoadProgress> progress) {
    try {
      byte[] buffer = new byte[64 * 1024];
      for (int count = archive.read(buffer); count >= 0; count = archive.read(buffer)) {
        loadedBytes.addAndGet(count);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    progress.accept(new LoadProgress("7ba6038489e8", "Loading layer", 229376, 20008960, null));
    if (loadFailure != null) {
      throw loadFailure;
    }
    progress.accept(new LoadProgress(null, null, 0, 0, "Loaded image: bench/tools:latest"));
  }

  @Override
  public String importArchive(
      InputStream archive,
      String reference,
      String message,
      List<String> changes,
      String platform) {
    try {
      loadedBytes.addAndGet(archive.readAllBytes().length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (changes.contains("NOPE")) {
      throw EngineException.invalid("nope is not a valid change command");
    }
    return ID;
  }

  @Override
  public List<HistoryEntry> history(String image) {
    inspect(image);
    return List.of(
        new HistoryEntry(ID, 1704067200, "bench", List.of("busybox:latest"), 1984172, ""));
  }
}
