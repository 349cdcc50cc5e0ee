// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.content.internal;

import io.gantry.api.error.EngineException;
import io.gantry.core.content.ContentStore;
import io.gantry.core.content.Digest;
import io.gantry.core.content.Ingest;
import io.gantry.core.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Blobs as files: {@code blobs/sha256/HEX}, and {@code ingest/} for those that are being written.
 */
/** {@code blobs/sha256/HEX}, and {@code ingest/} for what is being written. */
@Component(service = ContentStore.class)
public final class FileContentStore implements ContentStore {
  private final Path blobs;
  private final Path ingests;

  @Activate
  public FileContentStore(@Reference Settings settings) throws IOException {
    this(settings.dataRoot().resolve("content"));
  }

  FileContentStore(Path root) throws IOException {
    blobs = Files.createDirectories(root.resolve("blobs/sha256"));
    ingests = Files.createDirectories(root.resolve("ingest"));
    FileIngest.deleteTemporary(ingests);
  }

  @Override
  public boolean contains(Digest digest) {
    return Files.exists(file(digest));
  }

  @Override
  public InputStream open(Digest digest) {
    try {
      return Files.newInputStream(file(digest));
    } catch (IOException e) {
      throw missing(digest, e);
    }
  }

  @Override
  public long size(Digest digest) {
    try {
      return Files.size(file(digest));
    } catch (IOException e) {
      throw missing(digest, e);
    }
  }

  @Override
  public Ingest ingest(String reference) {
    return FileIngest.open(ingests, reference, this::file);
  }

  @Override
  public void delete(Digest digest) {
    try {
      Files.deleteIfExists(file(digest));
    } catch (IOException e) {
      throw EngineException.internal("cannot delete blob " + digest + ": " + e.getMessage(), e);
    }
  }

  @Override
  public List<Digest> list() {
    try (var files = Files.list(blobs)) {
      return files.map(f -> new Digest("sha256:" + f.getFileName())).toList();
    } catch (IOException e) {
      throw EngineException.internal("cannot read " + blobs + ": " + e.getMessage(), e);
    }
  }

  private Path file(Digest digest) {
    return blobs.resolve(digest.hex());
  }

  private static EngineException missing(Digest digest, IOException e) {
    return e instanceof NoSuchFileException
        ? EngineException.notFound("blob " + digest + " is not in the content store")
        : EngineException.internal("cannot read blob " + digest + ": " + e.getMessage(), e);
  }
}
