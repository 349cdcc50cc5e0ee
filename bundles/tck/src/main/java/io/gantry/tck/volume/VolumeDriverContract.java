// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.volume.VolumeDriver;
import io.gantry.api.volume.VolumeInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a {@link VolumeDriver} must do. {@link #open} is called again for each new instance, as
 * after an update of the bundle or a crash of the engine.
 */
public abstract class VolumeDriverContract {
  private VolumeDriver driver;

  /**
   * A new instance that knows nothing of those before it but what they left on disk.
   *
   * @param root a directory for all instances of one case
   */
  protected abstract VolumeDriver open(Path root) throws IOException;

  @TempDir Path root;

  @BeforeEach
  void openDriver() throws IOException {
    driver = open(root);
  }

  @AfterEach
  void removeVolumes() throws IOException {
    for (VolumeInfo volume : open(root).list()) {
      driver.unmount(volume.name(), "one");
      driver.unmount(volume.name(), "two");
      driver.remove(volume.name());
    }
  }

  @Test
  void aNewVolumeIsListedAndFound() {
    Instant before = Instant.now().minusSeconds(2);
    VolumeInfo created = driver.create("data", Map.of());
    assertEquals("data", created.name());
    assertTrue(created.mountpoint().isAbsolute());
    assertTrue(created.created().isAfter(before));
    assertEquals(created, driver.get("data"));
    assertEquals(List.of(created), driver.list());
  }

  @Test
  void creatingAgainChangesNothing() throws IOException {
    VolumeInfo created = driver.create("data", Map.of());
    Files.writeString(driver.mount("data", "one").resolve("kept"), "content");
    assertEquals(created.mountpoint(), driver.create("data", Map.of()).mountpoint());
    assertEquals("content", Files.readString(driver.mount("data", "one").resolve("kept")));
  }

  @Test
  void contentOutlivesUsersAndInstances() throws IOException {
    driver.create("data", Map.of());
    Files.writeString(driver.mount("data", "one").resolve("file"), "content");
    driver.unmount("data", "one");
    driver = open(root);
    assertEquals("content", Files.readString(driver.mount("data", "two").resolve("file")));
  }

  @Test
  void volumesAreApart() throws IOException {
    driver.create("first", Map.of());
    driver.create("second", Map.of());
    Path first = driver.mount("first", "one");
    Path second = driver.mount("second", "one");
    Files.writeString(first.resolve("file"), "first");
    assertTrue(Files.notExists(second.resolve("file")));
    driver.unmount("first", "one");
    driver.remove("first");
    assertTrue(Files.isDirectory(second));
    assertEquals(List.of("second"), names());
  }

  @Test
  void aVolumeInUseIsNotRemoved() throws IOException {
    driver.create("data", Map.of());
    driver.mount("data", "one");
    driver.mount("data", "two");
    driver.unmount("data", "one");
    assertFails(ErrorKind.CONFLICT, () -> driver.remove("data"));
    driver = open(root);
    assertFails(ErrorKind.CONFLICT, () -> driver.remove("data"));
    driver.unmount("data", "two");
    driver.remove("data");
    assertEquals(List.of(), names());
  }

  @Test
  void mountingTwiceUnderOneIdIsOneMount() {
    driver.create("data", Map.of());
    assertEquals(driver.mount("data", "one"), driver.mount("data", "one"));
    driver.unmount("data", "one");
    driver.remove("data");
  }

  @Test
  void unmountingWhatIsNotMountedDoesNothing() {
    driver.create("data", Map.of());
    driver.mount("data", "one");
    driver.unmount("data", "unknown");
    assertFails(ErrorKind.CONFLICT, () -> driver.remove("data"));
    driver.unmount("data", "one");
    driver.unmount("data", "one");
    driver.unmount("no-such-volume", "one");
  }

  @Test
  void anIdMayHoldAnyCharacters() {
    driver.create("data", Map.of());
    driver.mount("data", "../a/b:c d\u00e9");
    assertFails(ErrorKind.CONFLICT, () -> driver.remove("data"));
    driver.unmount("data", "../a/b:c d\u00e9");
    driver.remove("data");
  }

  @Test
  void aRemovedVolumeComesBackEmpty() throws IOException {
    driver.create("data", Map.of());
    Path content = driver.mount("data", "one");
    Files.createDirectories(content.resolve("a/b"));
    Files.writeString(content.resolve("a/b/c"), "content");
    driver.unmount("data", "one");
    driver.remove("data");
    driver.create("data", Map.of());
    try (var files = Files.list(driver.mount("data", "one"))) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void removingDoesNotFollowLinks(@TempDir Path elsewhere) throws IOException {
    Path victim = Files.writeString(elsewhere.resolve("victim"), "alive");
    driver.create("data", Map.of());
    Path content = driver.mount("data", "one");
    Files.createSymbolicLink(content.resolve("directory"), elsewhere);
    Files.createSymbolicLink(content.resolve("file"), victim);
    driver.unmount("data", "one");
    driver.remove("data");
    assertEquals("alive", Files.readString(victim));
  }

  @Test
  void unknownVolumesAreNotFound() {
    assertFails(ErrorKind.NOT_FOUND, () -> driver.get("missing"));
    assertFails(ErrorKind.NOT_FOUND, () -> driver.remove("missing"));
    assertFails(ErrorKind.NOT_FOUND, () -> driver.mount("missing", "one"));
    assertFails(ErrorKind.NOT_FOUND, () -> driver.get("../" + root.getFileName()));
    assertFails(ErrorKind.NOT_FOUND, () -> driver.remove(".."));
  }

  @Test
  void badNamesAreRefused() {
    for (String name : List.of("a", "..", "../up", "a/b", "/abs", ".hidden", "-x", "a b", "")) {
      assertFails(ErrorKind.INVALID, () -> driver.create(name, Map.of()));
    }
    assertEquals(List.of(), names());
  }

  @Test
  void unknownOptionsAreRefused() {
    assertFails(ErrorKind.INVALID, () -> driver.create("data", Map.of("no-such-option", "1")));
    assertEquals(List.of(), names());
  }

  @Test
  void manyThreadsMakeOneVolume() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Path>> paths =
          IntStream.range(0, 64)
              .mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            driver.create("data", Map.of());
                            Path path = driver.mount("data", "user" + i);
                            driver.unmount("data", "user" + i);
                            return path;
                          }))
              .toList();
      Path expected = driver.create("data", Map.of()).mountpoint();
      for (Future<Path> path : paths) {
        assertEquals(expected, path.get());
      }
    } finally {
      threads.shutdownNow();
    }
    driver.remove("data");
  }

  private List<String> names() {
    return driver.list().stream().map(VolumeInfo::name).sorted().toList();
  }

  private static void assertFails(ErrorKind kind, Executable call) {
    EngineException failure = assertThrows(EngineException.class, call);
    assertEquals(kind, failure.kind(), failure.getMessage());
  }
}
