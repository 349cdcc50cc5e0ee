// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.storage.Mount;
import io.gantry.api.storage.SnapshotInfo;
import io.gantry.api.storage.SnapshotKind;
import io.gantry.api.storage.Snapshotter;
import io.gantry.api.storage.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a {@link Snapshotter} must do. {@link #open} is called again for each new instance, as after
 * an update of the bundle or a crash of the engine: a case that goes on with a new instance does
 * not close the one before.
 */
public abstract class SnapshotterContract {
  /** As deep as Docker lets an image be. */
  private static final int LAYERS_MAX = 128;

  private static final int THREADS = 4;

  @TempDir Path root;

  private final List<Snapshotter> opened = new ArrayList<>();
  private Snapshotter driver;

  /** A new instance that knows of those before it only what they left on disk. */
  protected abstract Snapshotter open(Path directory) throws IOException;

  /** What deactivation does. */
  protected abstract void close(Snapshotter snapshotter) throws IOException;

  protected abstract Trees trees();

  @BeforeEach
  void openDriver() throws IOException {
    reopen();
  }

  @AfterEach
  void closeDrivers() throws IOException {
    for (Snapshotter each : opened) {
      close(each);
    }
  }

  private void reopen() throws IOException {
    driver = open(root);
    opened.add(driver);
  }

  @Test
  void aFirstSnapshotIsEmptyAndWritable() throws IOException {
    trees()
        .use(
            driver.prepare("first", null),
            tree -> {
              assertEquals(Set.of(), names(tree));
              Files.writeString(tree.resolve("file"), "content");
            });
    trees()
        .use(
            driver.mounts("first"),
            tree -> assertEquals("content", Files.readString(tree.resolve("file"))));
  }

  @Test
  void aChildSeesItsParentsAndHidesNothingElse() throws IOException {
    layer("one", null, tree -> write(tree, "a", "1", "d/b", "1", "d/c", "1"));
    layer("two", "one", tree -> write(tree, "d/b", "2", "e", "2"));
    trees()
        .use(
            driver.prepare("top", "two"),
            tree -> {
              assertEquals(Set.of("a", "d", "e"), names(tree));
              assertEquals("1", Files.readString(tree.resolve("a")));
              assertEquals("2", Files.readString(tree.resolve("d/b")));
              assertEquals("1", Files.readString(tree.resolve("d/c")));
            });
  }

  @Test
  void whatAChildDoesIsSeenByNobodyElse() throws IOException {
    layer("base", null, tree -> write(tree, "file", "base"));
    List<Mount> left = driver.prepare("left", "base");
    List<Mount> right = driver.prepare("right", "base");
    trees().use(left, tree -> write(tree, "file", "left", "new", "left"));
    trees()
        .use(
            right,
            tree -> {
              assertEquals("base", Files.readString(tree.resolve("file")));
              assertEquals(Set.of("file"), names(tree));
            });
    trees()
        .use(
            driver.view("view", "base"),
            tree -> assertEquals("base", Files.readString(tree.resolve("file"))));
  }

  @Test
  void whatALayerDeletedStaysDeleted() throws IOException {
    layer("one", null, tree -> write(tree, "file", "1", "d/x", "1", "d/y", "1", "kept", "1"));
    layer(
        "two",
        "one",
        tree -> {
          Files.delete(tree.resolve("file"));
          Files.delete(tree.resolve("d/x"));
          Files.delete(tree.resolve("d/y"));
          Files.delete(tree.resolve("d"));
        });
    trees().use(driver.view("view", "two"), tree -> assertEquals(Set.of("kept"), names(tree)));
    layer("three", "two", tree -> write(tree, "d/z", "3"));
    trees()
        .use(
            driver.view("view3", "three"),
            tree -> assertEquals(Set.of("z"), names(tree.resolve("d"))));
  }

  @Test
  void anEntryMayChangeItsKind() throws IOException {
    layer("one", null, tree -> write(tree, "was-file", "1", "was-directory/x", "1"));
    layer(
        "two",
        "one",
        tree -> {
          Files.delete(tree.resolve("was-file"));
          write(tree, "was-file/x", "2");
          Files.delete(tree.resolve("was-directory/x"));
          Files.delete(tree.resolve("was-directory"));
          Files.createSymbolicLink(tree.resolve("was-directory"), Path.of("was-file"));
        });
    trees()
        .use(
            driver.view("view", "two"),
            tree -> {
              assertTrue(Files.isSymbolicLink(tree.resolve("was-directory")));
              assertEquals("2", Files.readString(tree.resolve("was-file/x")));
            });
  }

  @Test
  void modesAndTimesPassFromParentToChild() throws IOException {
    var mode = PosixFilePermissions.fromString("rwxr-x--x");
    var time = java.nio.file.attribute.FileTime.from(Instant.parse("2001-02-03T04:05:06Z"));
    layer(
        "base",
        null,
        tree -> {
          write(tree, "d/file", "content");
          Files.setPosixFilePermissions(tree.resolve("d/file"), mode);
          Files.setLastModifiedTime(tree.resolve("d/file"), time);
          Files.setPosixFilePermissions(tree.resolve("d"), mode);
          Files.setPosixFilePermissions(tree, mode);
        });
    trees()
        .use(
            driver.prepare("top", "base"),
            tree -> {
              assertEquals(mode, Files.getPosixFilePermissions(tree.resolve("d/file")));
              assertEquals(time, Files.getLastModifiedTime(tree.resolve("d/file")));
              assertEquals(mode, Files.getPosixFilePermissions(tree.resolve("d")));
              assertEquals(mode, Files.getPosixFilePermissions(tree), "of the root directory");
            });
  }

  @Test
  void statTellsEachKind() throws IOException {
    Instant before = Instant.now().minusSeconds(2);
    layer("base", null, tree -> {});
    driver.prepare("active", "base");
    driver.view("view", "base");
    assertInfo("base", null, SnapshotKind.COMMITTED, before);
    assertInfo("active", "base", SnapshotKind.ACTIVE, before);
    assertInfo("view", "base", SnapshotKind.VIEW, before);
    assertEquals(
        Set.of("base", "active", "view"),
        driver.list().stream().map(SnapshotInfo::name).collect(Collectors.toSet()));
    driver.list().forEach(info -> assertEquals(info, driver.stat(info.name())));
  }

  private void assertInfo(String name, String parent, SnapshotKind kind, Instant before) {
    SnapshotInfo info = driver.stat(name);
    assertEquals(name, info.name());
    assertEquals(parent, info.parent());
    assertEquals(kind, info.kind());
    assertTrue(info.created().isAfter(before), info.toString());
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertFails(ErrorKind.NOT_FOUND, () -> driver.stat("unknown"));
    assertFails(ErrorKind.NOT_FOUND, () -> driver.mounts("unknown"));
    assertFails(ErrorKind.NOT_FOUND, () -> driver.usage("unknown"));
    assertFails(ErrorKind.NOT_FOUND, () -> driver.remove("unknown"));
    assertFails(ErrorKind.NOT_FOUND, () -> driver.commit("name", "unknown"));
    assertFails(ErrorKind.NOT_FOUND, () -> driver.prepare("key", "unknown"));
    assertFails(ErrorKind.NOT_FOUND, () -> driver.view("key", "unknown"));
    assertEquals(List.of(), driver.list());
  }

  @Test
  void aNameIsUsedOnce() throws IOException {
    layer("base", null, tree -> write(tree, "file", "base"));
    driver.prepare("active", "base");
    assertFails(ErrorKind.CONFLICT, () -> driver.prepare("active", null));
    assertFails(ErrorKind.CONFLICT, () -> driver.prepare("base", null));
    assertFails(ErrorKind.CONFLICT, () -> driver.view("active", "base"));
    assertFails(ErrorKind.CONFLICT, () -> driver.commit("base", "active"));
    trees().use(driver.mounts("active"), tree -> assertEquals(Set.of("file"), names(tree)));
  }

  @Test
  void onlyACommittedSnapshotIsAParent() {
    driver.prepare("active", null);
    assertFails(ErrorKind.INVALID, () -> driver.prepare("child", "active"));
    assertFails(ErrorKind.INVALID, () -> driver.view("child", "active"));
    assertEquals(1, driver.list().size());
  }

  @Test
  void aCommittedSnapshotIsNeitherMountedNorCommittedAgain() throws IOException {
    layer("base", null, tree -> {});
    assertFails(ErrorKind.INVALID, () -> driver.mounts("base"));
    assertFails(ErrorKind.INVALID, () -> driver.commit("again", "base"));
  }

  @Test
  void aViewIsReadOnlyAndNotCommitted() throws IOException {
    layer("base", null, tree -> write(tree, "file", "base"));
    List<Mount> mounts = driver.view("view", "base");
    assertTrue(mounts.stream().allMatch(Mount::readOnly), mounts.toString());
    assertFails(ErrorKind.INVALID, () -> driver.commit("name", "view"));
    driver.remove("view");
    assertEquals(1, driver.list().size());
  }

  @Test
  void aKeyIsFreeAfterItsCommit() throws IOException {
    layer("first", null, tree -> write(tree, "file", "first"));
    assertFails(ErrorKind.NOT_FOUND, () -> driver.stat("key-of-first"));
    trees().use(driver.prepare("key-of-first", null), tree -> assertEquals(Set.of(), names(tree)));
  }

  @Test
  void theMountsAreTheSameEachTime() throws IOException {
    layer("base", null, tree -> {});
    List<Mount> prepared = driver.prepare("active", "base");
    List<Mount> viewed = driver.view("view", "base");
    assertFalse(prepared.isEmpty());
    assertFalse(prepared.stream().anyMatch(Mount::readOnly), prepared.toString());
    assertEquals(prepared, driver.mounts("active"));
    assertEquals(viewed, driver.mounts("view"));
    reopen();
    assertEquals(prepared, driver.mounts("active"));
    assertEquals(viewed, driver.mounts("view"));
  }

  @Test
  void aParentIsNotRemovedBeforeItsChildren() throws IOException {
    layer("one", null, tree -> write(tree, "file", "1"));
    layer("two", "one", tree -> {});
    driver.prepare("active", "two");
    assertFails(ErrorKind.CONFLICT, () -> driver.remove("one"));
    assertFails(ErrorKind.CONFLICT, () -> driver.remove("two"));
    trees().use(driver.mounts("active"), tree -> assertEquals(Set.of("file"), names(tree)));
    for (String name : List.of("active", "two", "one")) {
      driver.remove(name);
    }
    assertEquals(List.of(), driver.list());
  }

  @Test
  void aRemovedSnapshotComesBackEmpty() throws IOException {
    trees().use(driver.prepare("key", null), tree -> write(tree, "d/file", "content"));
    driver.remove("key");
    assertFails(ErrorKind.NOT_FOUND, () -> driver.stat("key"));
    trees().use(driver.prepare("key", null), tree -> assertEquals(Set.of(), names(tree)));
  }

  @Test
  void aNewInstanceGoesOnWithEverything() throws IOException {
    layer("base", null, tree -> write(tree, "file", "base"));
    trees().use(driver.prepare("active", "base"), tree -> write(tree, "own", "active"));
    driver.view("view", "base");
    List<SnapshotInfo> before = driver.list();
    reopen();
    assertEquals(Set.copyOf(before), Set.copyOf(driver.list()));
    driver.commit("next", "active");
    reopen();
    trees()
        .use(
            driver.prepare("top", "next"),
            tree -> assertEquals(Set.of("file", "own"), names(tree)));
    assertFails(ErrorKind.CONFLICT, () -> driver.remove("base"));
    driver.remove("view");
    reopen();
    assertFails(ErrorKind.NOT_FOUND, () -> driver.stat("view"));
  }

  @Test
  void usageIsOfTheSnapshotAlone() throws IOException {
    layer("base", null, tree -> Files.write(tree.resolve("big"), new byte[1 << 20]));
    long inodes =
        usage(
                "empty",
                "base",
                tree -> {
                  // nothing changed
                })
            .inodes();
    Usage usage =
        usage(
            "top",
            "base",
            tree -> {
              Files.write(tree.resolve("own"), new byte[100_000]);
              Files.createLink(tree.resolve("own-too"), tree.resolve("own"));
            });
    assertTrue(driver.usage("base").bytes() >= 1 << 20, driver.usage("base").toString());
    assertTrue(usage.bytes() >= 100_000 && usage.bytes() < 200_000, usage.toString());
    assertEquals(inodes + 1, usage.inodes());
  }

  private Usage usage(String key, String parent, Trees.Use use) throws IOException {
    trees().use(driver.prepare(key, parent), use);
    return driver.usage(key);
  }

  @Test
  void namesMayHoldAnyCharacters() throws IOException {
    List<String> names =
        List.of("sha256:" + "0a".repeat(32), "../up", "a/b", ".hidden", "%2F", "with space", "é");
    for (String name : names) {
      layer(name, null, tree -> write(tree, "name", name));
    }
    reopen();
    assertEquals(
        new TreeSet<>(names),
        driver.list().stream()
            .map(SnapshotInfo::name)
            .collect(Collectors.toCollection(TreeSet::new)));
    for (String name : names) {
      trees()
          .use(
              driver.view("view of " + name, name),
              tree -> assertEquals(name, Files.readString(tree.resolve("name"))));
    }
  }

  @Test
  void holdsAsManyLayersAsAnImageMayHave() throws IOException {
    String parent = null;
    for (int i = 0; i < LAYERS_MAX; i++) {
      String content = Integer.toString(i);
      int decade = i / 10;
      String name = String.format("sha256:%064x", i);
      layer(name, parent, tree -> write(tree, "last", content, "file" + decade, content));
      parent = name;
    }
    trees()
        .use(
            driver.prepare("top", parent),
            tree -> {
              assertEquals(
                  Integer.toString(LAYERS_MAX - 1), Files.readString(tree.resolve("last")));
              assertEquals((LAYERS_MAX - 1) / 10 + 2, names(tree).size());
              assertEquals("9", Files.readString(tree.resolve("file0")));
              write(tree, "file0", "changed");
            });
  }

  @Test
  void manyThreadsWorkAtOnce() throws Exception {
    layer("base", null, tree -> write(tree, "file", "base"));
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<Void>> work =
          IntStream.range(0, THREADS * 8).<Callable<Void>>mapToObj(this::lifeOf).toList();
      for (Future<Void> each : threads.invokeAll(work)) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(List.of("base"), driver.list().stream().map(SnapshotInfo::name).toList());
  }

  private Callable<Void> lifeOf(int number) {
    return () -> {
      driver.prepare("key" + number, "base");
      driver.mounts("key" + number);
      driver.commit("name" + number, "key" + number);
      driver.list();
      driver.remove("name" + number);
      return null;
    };
  }

  @Test
  void oneOfManyThreadsGetsAName() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      Callable<Boolean> attempt =
          () -> {
            try {
              driver.prepare("key", null);
              return true;
            } catch (EngineException e) {
              assertEquals(ErrorKind.CONFLICT, e.kind());
              return false;
            }
          };
      long winners = 0;
      for (Future<Boolean> each : threads.invokeAll(java.util.Collections.nCopies(16, attempt))) {
        winners += each.get() ? 1 : 0;
      }
      assertEquals(1, winners);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void statusIsForPeopleToRead() {
    driver
        .status()
        .forEach((key, value) -> assertFalse(key.isBlank() || value.isBlank(), key + ": " + value));
    assertNull(driver.status().get(""));
  }

  private void layer(String name, String parent, Trees.Use content) throws IOException {
    String key = "key-of-" + name;
    trees().use(driver.prepare(key, parent), content);
    driver.commit(name, key);
  }

  private static void write(Path tree, String... namesAndContents) throws IOException {
    for (int i = 0; i < namesAndContents.length; i += 2) {
      Path file = tree.resolve(namesAndContents[i]);
      Files.createDirectories(file.getParent());
      Files.writeString(file, namesAndContents[i + 1]);
    }
  }

  private static Set<String> names(Path directory) throws IOException {
    assertTrue(Files.isDirectory(directory), directory.toString());
    try (var entries = Files.list(directory)) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static void assertFails(ErrorKind kind, Executable call) {
    EngineException failure = assertThrows(EngineException.class, call);
    assertEquals(kind, failure.kind(), failure.getMessage());
  }
}
