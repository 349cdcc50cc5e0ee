// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.harness;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Makes docker-archives without any engine: the same content gives the same bytes, so that image
 * ids and layer digests can be compared between engines.
 */
public final class ImageArchive {
  private static final Instant EPOCH = Instant.parse("2024-01-01T00:00:00Z");

  private final String reference;
  private final String config;
  private final List<byte[]> layers = new ArrayList<>();

  /**
   * Begins an archive.
   *
   * @param config the members of the image's {@code config} object, as JSON without the braces
   */
  public ImageArchive(String reference, String config) {
    this.reference = reference;
    this.config = config;
  }

  /** Adds a layer with what {@code content} puts into it. */
  public ImageArchive layer(LayerContent content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Layer layer = new Layer(bytes)) {
      content.addTo(layer);
    } catch (IOException e) {
      throw new AssertionError("a tar in memory cannot fail", e);
    }
    layers.add(bytes.toByteArray());
    return this;
  }

  /** Writes the archive and gives all digests in it: the image's id, then those of its layers. */
  public List<String> writeTo(Path file) throws IOException {
    List<String> diffs = layers.stream().map(ImageArchive::sha256).toList();
    String description =
        """
        {"architecture":"%s","os":"linux","created":"%s","config":{%s},"rootfs":{"type":"layers",\
        "diff_ids":[%s]},"history":[%s]}"""
            .formatted(
                architecture(),
                EPOCH,
                config,
                diffs.stream().map(d -> "\"sha256:" + d + "\"").collect(Collectors.joining(",")),
                diffs.stream()
                    .map(d -> "{\"created\":\"" + EPOCH + "\",\"created_by\":\"gantry tests\"}")
                    .collect(Collectors.joining(",")));
    byte[] configBytes = description.getBytes(StandardCharsets.UTF_8);
    String id = sha256(configBytes);
    String manifest =
        "[{\"Config\":\"%s.json\",\"RepoTags\":[\"%s\"],\"Layers\":[%s]}]"
            .formatted(
                id,
                reference,
                diffs.stream()
                    .map(d -> "\"" + d + "/layer.tar\"")
                    .collect(Collectors.joining(",")));
    try (Layer archive = new Layer(Files.newOutputStream(file))) {
      for (int i = 0; i < layers.size(); i++) {
        archive.file(diffs.get(i) + "/layer.tar", 0644, layers.get(i));
      }
      archive.file(id + ".json", 0644, configBytes);
      archive.file("manifest.json", 0644, manifest.getBytes(StandardCharsets.UTF_8));
    }
    List<String> digests = new ArrayList<>(List.of(id));
    digests.addAll(diffs);
    return digests;
  }

  private static String architecture() {
    return switch (System.getProperty("os.arch")) {
      case "aarch64" -> "arm64";
      default -> "amd64";
    };
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** Fills a layer. */
  @FunctionalInterface
  public interface LayerContent {
    /** Adds the entries, parents first. */
    void addTo(Layer layer) throws IOException;
  }

  /** A tar with fixed times and owners. */
  public static final class Layer implements AutoCloseable {
    private final TarArchiveOutputStream tar;

    Layer(OutputStream out) {
      tar = new TarArchiveOutputStream(out, "UTF-8");
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    }

    /** A directory of root's. */
    public Layer directory(String name, int mode) throws IOException {
      return directory(name, mode, 0);
    }

    /** A directory of somebody's. */
    public Layer directory(String name, int mode, int owner) throws IOException {
      add(new TarArchiveEntry(name + "/", TarConstants.LF_DIR), mode, owner, new byte[0]);
      return this;
    }

    /** A file of root's. */
    public Layer file(String name, int mode, String text) throws IOException {
      return file(name, mode, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file of root's. */
    public Layer file(String name, int mode, byte[] bytes) throws IOException {
      add(new TarArchiveEntry(name), mode, 0, bytes);
      return this;
    }

    /** A symbolic link. */
    public Layer link(String name, String target) throws IOException {
      TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
      entry.setLinkName(target);
      add(entry, 0777, 0, new byte[0]);
      return this;
    }

    private void add(TarArchiveEntry entry, int mode, int owner, byte[] bytes) throws IOException {
      entry.setMode((entry.getMode() & ~07777) | mode);
      entry.setIds(owner, owner);
      entry.setNames("", "");
      entry.setModTime(EPOCH.toEpochMilli());
      entry.setSize(bytes.length);
      tar.putArchiveEntry(entry);
      tar.write(bytes);
      tar.closeArchiveEntry();
    }

    @Override
    public void close() throws IOException {
      tar.close();
    }
  }
}
