// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import com.fasterxml.jackson.databind.JsonNode;
import io.gantry.api.error.EngineException;
import io.gantry.core.content.ContentStore;
import io.gantry.core.content.Digest;
import io.gantry.core.content.Ingest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * An archive of images, read once from its stream: a docker-archive ({@code manifest.json}) or an
 * OCI layout ({@code index.json}). What describes an image comes last, so every file goes into the
 * content store first.
 */
final class ImageArchive {
  private static final int COPY_BYTES = 256 << 10;
  private static final int LINKS_MAX = 16;
  private static final long DOCUMENT_BYTES_MAX = 16 << 20;

  private final ContentStore content;
  private final Map<String, Digest> files = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();

  /** Holds all blobs of the archive until it is known which an image uses. */
  private final BlobLeases.Lease lease;

  ImageArchive(ContentStore content, BlobLeases.Lease lease) {
    this.content = content;
    this.lease = lease;
  }

  /**
   * An image of the archive.
   *
   * @param layers blobs, bottom first
   */
  record Entry(Digest config, List<Digest> layers, List<String> references) {}

  void read(InputStream archive) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(Decompression.open(archive), "UTF-8")) {
      byte[] chunk = new byte[COPY_BYTES];
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String name = LayerTree.clean(entry.getName());
        if (entry.isSymbolicLink() || entry.isLink()) {
          links.put(
              name,
              entry.isLink()
                  ? LayerTree.clean(entry.getLinkName())
                  : beside(name, entry.getLinkName()));
        } else if (entry.isFile()) {
          files.put(name, ingest(tar, chunk));
        }
      }
    }
  }

  /**
   * A relative link of old archives, as in {@code ../ID/layer.tar}; it cannot lead out of the
   * archive's names.
   */
  private static String beside(String name, String target) {
    java.nio.file.Path from = java.nio.file.Path.of("/" + name).getParent();
    return from.resolve(target).normalize().toString().substring(1);
  }

  private Digest ingest(InputStream in, byte[] chunk) throws IOException {
    try (Ingest ingest = content.ingest(null)) {
      try {
        for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
          ingest.write(ByteBuffer.wrap(chunk, 0, count));
        }
        return lease.commit(ingest);
      } catch (IOException | RuntimeException e) {
        ingest.abort();
        throw e;
      }
    }
  }

  List<Entry> images() throws IOException {
    if (files.containsKey("manifest.json")) {
      return dockerArchive();
    }
    if (files.containsKey("index.json")) {
      return ociLayout();
    }
    throw EngineException.invalid(
        "the archive holds neither manifest.json nor index.json: it is no docker-archive and no OCI layout");
  }

  private List<Entry> dockerArchive() throws IOException {
    List<Entry> images = new ArrayList<>();
    for (JsonNode manifest : document(file("manifest.json"))) {
      List<Digest> layers = new ArrayList<>();
      for (JsonNode layer : manifest.path("Layers")) {
        layers.add(file(layer.asText()));
      }
      List<String> references = new ArrayList<>();
      manifest.path("RepoTags").forEach(tag -> references.add(tag.asText()));
      images.add(new Entry(file(manifest.path("Config").asText()), layers, references));
    }
    return images;
  }

  private List<Entry> ociLayout() throws IOException {
    List<Entry> images = new ArrayList<>();
    for (JsonNode descriptor : document(file("index.json")).path("manifests")) {
      List<String> references = new ArrayList<>();
      JsonNode annotations = descriptor.path("annotations");
      String full = annotations.path("io.containerd.image.name").asText("");
      String name = annotations.path("org.opencontainers.image.ref.name").asText("");
      if (!full.isEmpty()) {
        references.add(full);
      } else if (name.contains(":") || name.contains("/")) { // else it is a tag alone
        references.add(name);
      }
      manifest(descriptor, references, images);
    }
    return images;
  }

  /** A manifest, or an index of manifests of which the one for this platform counts. */
  private void manifest(JsonNode descriptor, List<String> references, List<Entry> images)
      throws IOException {
    JsonNode document = document(blob(descriptor));
    if (document.has("manifests")) {
      for (JsonNode inner : document.path("manifests")) {
        JsonNode platform = inner.path("platform");
        if (platform.path("os").asText("linux").equals("linux")
            && platform
                .path("architecture")
                .asText(Platforms.ARCHITECTURE)
                .equals(Platforms.ARCHITECTURE)) {
          manifest(inner, references, images);
          return;
        }
      }
      throw EngineException.notFound(
          "the archive has no image for linux/" + Platforms.ARCHITECTURE);
    }
    List<Digest> layers = new ArrayList<>();
    for (JsonNode layer : document.path("layers")) {
      layers.add(blob(layer));
    }
    images.add(new Entry(blob(document.path("config")), layers, references));
  }

  private Digest blob(JsonNode descriptor) {
    Digest digest;
    try {
      digest = new Digest(descriptor.path("digest").asText());
    } catch (IllegalArgumentException e) {
      throw EngineException.invalid(
          "the archive's index has a malformed digest: " + descriptor.path("digest"));
    }
    Digest found = file("blobs/sha256/" + digest.hex());
    if (!found.equals(digest)) {
      throw new EngineException(
          io.gantry.api.error.ErrorKind.DATA_LOSS,
          "the archive is damaged: blob " + digest + " has digest " + found);
    }
    return found;
  }

  private Digest file(String name) {
    String current = LayerTree.clean(name);
    for (int i = 0; i < LINKS_MAX && links.containsKey(current); i++) {
      current = links.get(current);
    }
    Digest digest = files.get(current);
    if (digest == null) {
      throw EngineException.invalid(
          "the archive has no file " + name + ", which its manifest names");
    }
    return digest;
  }

  private JsonNode document(Digest digest) throws IOException {
    if (content.size(digest) > DOCUMENT_BYTES_MAX) {
      throw EngineException.invalid(
          "a manifest of the archive is larger than " + DOCUMENT_BYTES_MAX + " bytes");
    }
    try (InputStream in = content.open(digest)) {
      return ImageConfiguration.JSON.readTree(in);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw EngineException.invalid(
          "a manifest of the archive is not JSON: " + e.getOriginalMessage());
    }
  }
}
