// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.api.error.EngineException;
import io.gantry.image.internal.LayerWriter.Whiteouts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Layers that want to write, read or delete outside of their root. Each is unpacked twice: by the
 * engine, after which everything outside is as before, and without its defence, which shows that
 * the layer is an attack at all.
 */
@Tag("root")
class HostileLayerTest {
  @TempDir Path directory;

  /** {@code up} leads from the root of the layer to the directory outside; so does {@code out}. */
  private static Map<String, TarBytes> attacks(String up, String out) {
    Map<String, TarBytes> attacks = new LinkedHashMap<>();
    attacks.put("parent", new TarBytes().file(up + "/new", "x"));
    attacks.put("parent later", new TarBytes().directory("a").file("a/../" + up + "/new", "x"));
    attacks.put("parent overwrites", new TarBytes().file(up + "/secret", "x"));
    attacks.put("parent, directory", new TarBytes().directory(up + "/new"));
    attacks.put("whiteout of parent", new TarBytes().file(up + "/.wh.secret", ""));
    attacks.put("symlink out, absolute", new TarBytes().symlink("l", out).file("l/new", "x"));
    attacks.put("symlink out, relative", new TarBytes().symlink("l", up).file("l/secret", "x"));
    attacks.put(
        "two symlinks", new TarBytes().symlink("a", "b").symlink("b", out).file("a/new", "x"));
    attacks.put(
        "symlink in a directory",
        new TarBytes().directory("d").symlink("d/l", out).file("d/l/sub/new", "x"));
    attacks.put("mode of a symlink", new TarBytes().symlink("l", out).directory("l/sub", 0700));
    attacks.put(
        "directory becomes a symlink",
        new TarBytes().directory("d").file("d/a", "1").symlink("d", out).file("d/b", "2"));
    attacks.put("file over a symlink", new TarBytes().symlink("l", out + "/secret").file("l", "x"));
    attacks.put(
        "whiteout behind a symlink", new TarBytes().symlink("l", out).file("l/.wh.secret", ""));
    attacks.put(
        "opaque behind a symlink", new TarBytes().symlink("l", out).file("l/.wh..wh..opq", ""));
    attacks.put(
        "hard link out, then written", new TarBytes().hardLink("h", up + "/secret").file("h", "x"));
    attacks.put(
        "hard link behind a symlink",
        new TarBytes().symlink("l", out).hardLink("h", "l/secret").file("h", "x"));
    return attacks;
  }

  @TestFactory
  Stream<DynamicTest> nothingOutsideChanges() {
    return cases()
        .flatMap(
            name ->
                Stream.of(Whiteouts.values())
                    .map(
                        mode ->
                            DynamicTest.dynamicTest(
                                name + ", " + mode,
                                () -> {
                                  Place place = place(name + mode);
                                  String before = place.outside();
                                  try {
                                    LayerWriter.write(
                                        place.attack(name).stream(), place.root, mode);
                                  } catch (IOException | EngineException e) {
                                    // refusing is as good as containing
                                  }
                                  assertEquals(before, place.outside());
                                })));
  }

  @TestFactory
  Stream<DynamicTest> withoutDefenceSomethingOutsideChanges() {
    return cases()
        .map(
            name ->
                DynamicTest.dynamicTest(
                    name,
                    () -> {
                      Place place = place(name);
                      String before = place.outside();
                      unpackCarelessly(place.attack(name), place.root);
                      assertNotEquals(before, place.outside());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> malformedEntriesAreRefused() {
    Map<String, TarBytes> layers = new LinkedHashMap<>();
    layers.put("whiteout of nothing", new TarBytes().file("d/.wh.", ""));
    layers.put("whiteout of .", new TarBytes().file("d/.wh..", ""));
    layers.put("whiteout of ..", new TarBytes().file("d/.wh...", ""));
    layers.put("unknown type", new TarBytes().entry('Z', "f", "", 0644, new byte[0]));
    layers.put("root that is a file", new TarBytes().file("./", "x").symlink("/", "x"));
    layers.put("root by way of a directory", new TarBytes().symlink("a/..", "x"));
    return layers.entrySet().stream()
        .flatMap(
            layer ->
                Stream.of(Whiteouts.values())
                    .map(
                        mode ->
                            DynamicTest.dynamicTest(
                                layer.getKey() + ", " + mode,
                                () -> {
                                  Place place = place(layer.getKey() + mode);
                                  assertThrows(
                                      EngineException.class,
                                      () ->
                                          LayerWriter.write(
                                              layer.getValue().stream(), place.root, mode));
                                })));
  }

  private static Stream<String> cases() {
    return List.copyOf(attacks("", "").keySet()).stream();
  }

  private Place place(String name) throws IOException {
    Path base = Files.createDirectories(directory.resolve(name.replaceAll("[^a-zA-Z]", "_")));
    Path outside = Files.createDirectories(base.resolve("outside/sub"));
    Files.writeString(outside.resolveSibling("secret"), "secret");
    return new Place(Files.createDirectories(base.resolve("in/root")), outside.getParent());
  }

  private record Place(Path root, Path outsideDirectory) {
    TarBytes attack(String name) {
      return attacks("../../outside", outsideDirectory.toString()).get(name);
    }

    /** Names, modes and contents of everything outside. */
    String outside() throws IOException {
      Map<String, String> seen = new TreeMap<>();
      try (Stream<Path> entries = Files.walk(outsideDirectory)) {
        for (Path entry : (Iterable<Path>) entries::iterator) {
          String mode =
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(entry, LinkOption.NOFOLLOW_LINKS));
          String content = Files.isRegularFile(entry) ? Files.readString(entry) : "";
          seen.put(entry.toString(), mode + " " + content);
        }
      }
      return seen.toString();
    }
  }

  /** As an unpacker would do it that joins strings and lets the kernel follow symlinks. */
  private static void unpackCarelessly(TarBytes layer, Path root) throws IOException {
    TarReader tar = new TarReader(layer.stream());
    byte[] buffer = new byte[4096];
    for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
      Path path = root.resolve(entry.name());
      String name = path.getFileName().toString();
      Files.createDirectories(path.getParent().toRealPath().resolve("."));
      switch (entry.type()) {
        case TarEntry.DIRECTORY -> {
          Files.createDirectories(path);
          Files.setPosixFilePermissions(
              path,
              PosixFilePermissions.fromString(entry.mode() == 0700 ? "rwx------" : "rwxr-xr-x"));
        }
        case TarEntry.SYMBOLIC_LINK -> {
          if (Files.isDirectory(path)) {
            try (Stream<Path> children = Files.list(path)) {
              for (Path child : (Iterable<Path>) children::iterator) {
                Files.delete(child);
              }
            }
          }
          Files.deleteIfExists(path);
          Files.createSymbolicLink(path, Path.of(entry.linkName()));
        }
        case TarEntry.HARD_LINK -> Files.createLink(path, root.resolve(entry.linkName()));
        default -> {
          if (name.equals(".wh..wh..opq")) {
            Files.delete(path.resolveSibling("secret"));
          } else if (name.startsWith(".wh.")) {
            Files.delete(path.resolveSibling(name.substring(4)));
          } else {
            int count = Math.max(0, tar.read(buffer));
            Files.write(
                path,
                java.util.Arrays.copyOf(buffer, count),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
          }
        }
      }
    }
  }
}
