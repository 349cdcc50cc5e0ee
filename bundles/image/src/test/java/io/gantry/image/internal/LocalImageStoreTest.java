// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.ImageDetails;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.storage.Mount;
import io.gantry.api.storage.SnapshotInfo;
import io.gantry.api.storage.Snapshotter;
import io.gantry.content.internal.FileContentStore;
import io.gantry.image.internal.Archives.Compression;
import io.gantry.image.internal.Archives.Image;
import io.gantry.storage.overlay.internal.OverlaySnapshotter;
import io.gantry.storage.vfs.internal.VfsSnapshotter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("root")
class LocalImageStoreTest {
  private static final byte[] BASE =
      new TarBytes()
          .directory("bin")
          .file("bin/sh", "shell")
          .symlink("bin/ls", "sh")
          .file("old", "old")
          .bytes();
  private static final byte[] TOP =
      new TarBytes().file(".wh.old", "").file("bin/new", "new").bytes();
  private static final Image IMAGE = new Image(List.of(BASE, TOP), "demo:1");
  private static final Image OTHER = new Image(List.of(BASE), "other:latest");

  @TempDir Path root;

  private final Fakes.MemoryState state = new Fakes.MemoryState();
  private final List<String> lines = new ArrayList<>();
  private final List<LocalImageStore> opened = new ArrayList<>();
  private Snapshotter snapshotter;

  private LocalImageStore open(String driver) throws IOException {
    var context = Fakes.context(root);
    snapshotter =
        driver.equals("vfs") ? new VfsSnapshotter(context) : new OverlaySnapshotter(context);
    var settings = Fakes.settings(root, driver);
    var store =
        new LocalImageStore(
            new FileContentStore(settings),
            new Fakes.OneDriver(driver, snapshotter),
            settings,
            state);
    opened.add(store);
    return store;
  }

  @AfterEach
  void close() {
    opened.forEach(LocalImageStore::close);
  }

  private ImageDetails load(LocalImageStore store, byte[] archive) {
    List<ImageDetails> loaded = new ArrayList<>();
    store.load(
        new ByteArrayInputStream(archive),
        progress -> {
          if (!progress.line().isEmpty()) {
            lines.add(progress.line());
          }
        },
        loaded::add);
    return loaded.get(0);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void loadsEveryFormatAndCompression(Compression compression) throws Exception {
    for (Compression outer : Compression.values()) {
      for (byte[] archive :
          List.of(Archives.docker(compression, IMAGE), Archives.oci(compression, IMAGE))) {
        LocalImageStore store = open("overlay2");
        ImageDetails image = load(store, outer.of(archive));
        assertEquals(IMAGE.id(), image.id());
        assertEquals(List.of("demo:1"), image.repoTags());
        assertEquals(
            "shell".length() + "sh".length() + "old".length() + "new".length(), image.size());
        assertEquals(List.of("sh"), image.config().cmd());
        assertArrayEquals(IMAGE.configuration(), store.configuration(image.id()));
        assertEquals(2, image.diffIds().size());
        assertEquals("demo:1", store.untag("demo:1"));
        assertEquals(3, store.delete(image.id()).size());
        assertNothingLeft();
      }
    }
    assertEquals(Set.of("Loaded image: demo:1"), Set.copyOf(lines));
  }

  @ParameterizedTest
  @ValueSource(strings = {"overlay2", "vfs"})
  void theRootFileSystemIsWhatTheLayersMake(String driver) throws Exception {
    LocalImageStore store = open(driver);
    ImageDetails image = load(store, Archives.docker(Compression.GZIP, IMAGE));
    List<Mount> mounts = snapshotter.view("view", store.snapshot(image.id(), driver));
    if (driver.equals("vfs")) {
      Path tree = Path.of(mounts.get(0).source());
      assertEquals("new", Files.readString(tree.resolve("bin/new")));
      assertEquals("shell", Files.readString(tree.resolve("bin/sh")));
      assertTrue(Files.notExists(tree.resolve("old")));
    } else {
      String layers = mounts.get(0).options().get(0);
      assertTrue(layers.matches("lowerdir=[^:]+:[^:]+"), layers);
    }
  }

  @Test
  void imagesShareLayers() throws Exception {
    LocalImageStore store = open("overlay2");
    load(store, Archives.docker(Compression.NONE, IMAGE, OTHER));
    assertEquals(List.of("Loaded image: demo:1", "Loaded image: other:latest"), lines);
    assertEquals(2, store.list().size());
    assertEquals(2, snapshotter.list().size());
    store.untag("demo:1");
    assertEquals(2, store.delete(IMAGE.id()).size(), "the image and its upper layer");
    assertEquals(1, snapshotter.list().size());
    assertNotNull(store.snapshot(OTHER.id(), "overlay2"));
    store.untag("other");
    store.delete(OTHER.id());
    assertNothingLeft();
  }

  @Test
  void aNameMovesToTheImageThatWasLoadedLast() throws Exception {
    LocalImageStore store = open("overlay2");
    load(store, Archives.docker(Compression.NONE, new Image(List.of(BASE), "demo:1")));
    load(store, Archives.docker(Compression.NONE, new Image(List.of(TOP), null)));
    load(store, Archives.docker(Compression.NONE, new Image(List.of(TOP), "demo:1")));
    String base = new Image(List.of(BASE), null).id();
    String top = new Image(List.of(TOP), null).id();
    assertEquals(
        List.of(
            "Loaded image: demo:1",
            "Loaded image ID: " + top,
            "The image demo:1 already exists, renaming the old one with ID "
                + base
                + " to empty string",
            "Loaded image: demo:1"),
        lines);
    assertEquals(List.of("demo:1"), store.resolve(top).repoTags());
    assertEquals(List.of(), store.resolve(base).repoTags());
  }

  @Test
  void damagedArchivesLeaveNothing() throws Exception {
    byte[] good = Archives.docker(Compression.NONE, IMAGE);
    byte[] wrong = new TarBytes().file(".wh.old", "").file("bin/new", "NEW").bytes();
    byte[] otherLayer =
        new TarBytes()
            .file("base", Compression.GZIP.of(BASE))
            .file("top", Compression.GZIP.of(wrong))
            .file("config", IMAGE.configuration())
            .file(
                "manifest.json",
                Archives.json("[{'Config':'config','Layers':['base','top'],'RepoTags':['x:1']}]"))
            .bytes();
    byte[] missing =
        new TarBytes()
            .file("base", BASE)
            .file("config", IMAGE.configuration())
            .file(
                "manifest.json",
                Archives.json("[{'Config':'config','Layers':['base','gone'],'RepoTags':[]}]"))
            .bytes();
    byte[] fewer =
        new TarBytes()
            .file("base", BASE)
            .file("config", IMAGE.configuration())
            .file(
                "manifest.json",
                Archives.json("[{'Config':'config','Layers':['base'],'RepoTags':[]}]"))
            .bytes();
    assertFails(ErrorKind.DATA_LOSS, otherLayer);
    assertFails(ErrorKind.INVALID, missing);
    assertFails(ErrorKind.INVALID, fewer);
    assertFails(ErrorKind.INVALID, Arrays.copyOf(good, good.length / 2));
    assertFails(
        ErrorKind.INVALID,
        Compression.GZIP.of(
            good.clone().length > 0
                ? "no".getBytes(java.nio.charset.StandardCharsets.UTF_8)
                : good));
    assertFails(ErrorKind.INVALID, new TarBytes().file("some", "file").bytes());
    assertFails(ErrorKind.INVALID, new TarBytes().file("manifest.json", "not json").bytes());
  }

  private void assertFails(ErrorKind kind, byte[] archive) throws IOException {
    LocalImageStore store = open("overlay2");
    EngineException failure = assertThrows(EngineException.class, () -> load(store, archive));
    assertEquals(kind, failure.kind(), failure.getMessage());
    assertEquals(List.of(), store.list());
    assertNothingLeft();
  }

  @Test
  void whatACrashLeftGoesWithTheNextLoad() throws Exception {
    LocalImageStore store = open("overlay2");
    snapshotter.prepare("unpack-123", null);
    snapshotter.prepare("key", null);
    snapshotter.commit("sha256:" + "0".repeat(64), "key");
    snapshotter.prepare("key2", "sha256:" + "0".repeat(64));
    snapshotter.commit("sha256:" + "1".repeat(64), "key2");
    snapshotter.prepare("container", null);
    Files.writeString(root.resolve("content/ingest/temporary-1"), "half");
    store = open("overlay2");
    load(store, Archives.docker(Compression.NONE, OTHER));
    assertEquals(
        Set.of("container", "sha256:" + Archives.sha256(BASE)),
        snapshotter.list().stream().map(SnapshotInfo::name).collect(Collectors.toSet()));
    assertEquals(0, count("content/ingest"));
  }

  @Test
  void layersInUseStayUntilTheyAreNot() throws Exception {
    LocalImageStore store = open("overlay2");
    load(store, Archives.docker(Compression.NONE, IMAGE));
    snapshotter.prepare("container", store.snapshot(IMAGE.id(), "overlay2"));
    store.untag("demo:1");
    assertEquals(List.of(IMAGE.id()), store.delete(IMAGE.id()));
    assertEquals(3, snapshotter.list().size());
    snapshotter.remove("container");
    load(store, Archives.docker(Compression.NONE, OTHER));
    assertEquals(1, snapshotter.list().size());
  }

  @Test
  void lostLayersAreUnpackedAgain() throws Exception {
    LocalImageStore store = open("overlay2");
    load(store, Archives.docker(Compression.ZSTD, IMAGE));
    String top = store.snapshot(IMAGE.id(), "overlay2");
    snapshotter.remove(top);
    assertEquals(top, store.snapshot(IMAGE.id(), "overlay2"));
    assertEquals(2, snapshotter.list().size());
  }

  @Test
  void findsImagesAsDockerDoes() throws Exception {
    LocalImageStore store = open("overlay2");
    load(store, Archives.docker(Compression.NONE, IMAGE));
    String hex = IMAGE.id().substring("sha256:".length());
    for (String name :
        List.of("demo:1", "docker.io/library/demo:1", IMAGE.id(), hex, hex.substring(0, 12))) {
      assertEquals(IMAGE.id(), store.resolve(name).id(), name);
    }
    assertMessage("No such image: demo:latest", () -> store.resolve("demo"));
    assertMessage("No such image: nope:2", () -> store.resolve("docker.io/library/nope:2"));
    assertMessage(
        "invalid reference format: repository name must be lowercase", () -> store.resolve("Demo"));
    assertMessage("invalid reference format", () -> store.resolve("a b"));
    assertMessage("invalid reference format", () -> store.tag(IMAGE.id(), "-x"));
    assertMessage("No such image: demo:2", () -> store.untag("demo:2"));
  }

  private static void assertMessage(
      String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(EngineException.class, call).getMessage());
  }

  @Test
  void importsATarWithChanges() throws Exception {
    LocalImageStore store = open("overlay2");
    ImageDetails image =
        store.importArchive(
            new ByteArrayInputStream(Compression.GZIP.of(BASE)),
            "imported",
            "the message",
            List.of("CMD [\"a\", \"b\"]", "ENV X=1 Y=\"2 3\"", "EXPOSE 80", "USER me", "LABEL l v"),
            "");
    assertEquals(List.of("imported:latest"), image.repoTags());
    assertEquals("the message", image.comment());
    assertEquals(List.of("a", "b"), image.config().cmd());
    assertEquals(List.of("X=1", "Y=2 3"), image.config().env());
    assertEquals(Set.of("80/tcp"), image.config().exposedPorts());
    assertEquals("me", image.config().user());
    assertEquals("v", image.config().labels().get("l"));
    assertEquals(List.of("sha256:" + Archives.sha256(BASE)), image.diffIds());
    assertEquals(1, store.history(image.id()).size());
  }

  private void assertNothingLeft() throws IOException {
    assertEquals(List.of(), snapshotter.list());
    assertEquals(0, count("content/ingest"));
    assertEquals(0, count("content/blobs/sha256"));
  }

  private long count(String directory) throws IOException {
    try (var files = Files.list(root.resolve(directory))) {
      return files.count();
    }
  }
}
