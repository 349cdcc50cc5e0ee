// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.storage;

import io.gantry.api.error.EngineException;
import io.gantry.api.storage.Mount;
import io.gantry.api.storage.SnapshotInfo;
import io.gantry.api.storage.SnapshotKind;
import io.gantry.api.storage.Snapshotter;
import io.gantry.api.storage.Usage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The contract in its simplest form: every snapshot is a whole copy of its parent. */
class PlainSnapshotter implements Snapshotter {
  private final Path root;

  PlainSnapshotter(Path root) {
    this.root = root;
  }

  @Override
  public synchronized SnapshotInfo stat(String name) {
    try {
      if (!Files.exists(facts(name))) {
        throw EngineException.notFound("no snapshot " + name);
      }
      List<String> lines = Files.readAllLines(facts(name));
      String parent = lines.get(1).isEmpty() ? null : lines.get(1);
      return new SnapshotInfo(
          name, parent, SnapshotKind.valueOf(lines.get(0)), Instant.parse(lines.get(2)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized List<Mount> prepare(String key, String parent) {
    return create(key, parent, SnapshotKind.ACTIVE);
  }

  @Override
  public synchronized List<Mount> view(String key, String parent) {
    return create(key, parent, SnapshotKind.VIEW);
  }

  private List<Mount> create(String key, String parent, SnapshotKind kind) {
    if (parent != null && stat(parent).kind() != SnapshotKind.COMMITTED) {
      throw EngineException.invalid(parent + " is not committed");
    }
    free(key);
    try {
      if (parent == null) {
        Files.createDirectories(tree(key));
      } else {
        copy(tree(parent), tree(key));
      }
      write(new SnapshotInfo(key, parent, kind, Instant.now()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return mounts(key);
  }

  void free(String name) {
    if (Files.exists(facts(name))) {
      throw EngineException.conflict(name + " is taken");
    }
  }

  void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(directory)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(
                file,
                to.resolve(from.relativize(file)),
                LinkOption.NOFOLLOW_LINKS,
                StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            Path copied = to.resolve(from.relativize(directory));
            Files.setPosixFilePermissions(copied, Files.getPosixFilePermissions(directory));
            Files.setLastModifiedTime(copied, Files.getLastModifiedTime(directory));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public synchronized List<Mount> mounts(String key) {
    SnapshotKind kind = stat(key).kind();
    if (kind == SnapshotKind.COMMITTED) {
      throw EngineException.invalid(key + " is committed");
    }
    String access = kind == SnapshotKind.VIEW ? "ro" : "rw";
    return List.of(new Mount("bind", tree(key).toString(), List.of(access, "rbind")));
  }

  @Override
  public synchronized void commit(String name, String key) {
    SnapshotInfo active = stat(key);
    if (active.kind() != SnapshotKind.ACTIVE) {
      throw EngineException.invalid(key + " is not active");
    }
    free(name);
    try {
      Files.move(tree(key), tree(name));
      write(new SnapshotInfo(name, active.parent(), SnapshotKind.COMMITTED, active.created()));
      Files.delete(facts(key));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void remove(String name) {
    stat(name);
    if (hasChildren(name)) {
      throw EngineException.conflict(name + " has children");
    }
    try {
      Files.delete(facts(name));
      deleteTree(name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void deleteTree(String name) throws IOException {
    Files.walkFileTree(
        tree(name),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  boolean hasChildren(String name) {
    return list().stream().anyMatch(info -> name.equals(info.parent()));
  }

  @Override
  public synchronized Usage usage(String name) {
    Path below = stat(name).parent() == null ? null : tree(stat(name).parent());
    Set<Object> inodes = new HashSet<>();
    long bytes = 0;
    try (var entries = Files.walk(tree(name))) {
      for (Path entry : (Iterable<Path>) entries::iterator) {
        Path same = below == null ? null : below.resolve(tree(name).relativize(entry));
        var attributes =
            Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean inherited = same != null && Files.exists(same, LinkOption.NOFOLLOW_LINKS);
        if (!inherited && inodes.add(attributes.fileKey())) {
          bytes += attributes.isRegularFile() ? attributes.size() : 0;
        }
      }
      return new Usage(bytes, inodes.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized List<SnapshotInfo> list() {
    try (var files = Files.list(root)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".facts"))
          .map(file -> HexFormat.of().parseHex(file.substring(0, file.length() - 6)))
          .map(bytes -> stat(new String(bytes, StandardCharsets.UTF_8)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<String, String> status() {
    return Map.of();
  }

  private void write(SnapshotInfo info) throws IOException {
    String parent = info.parent() == null ? "" : info.parent();
    Files.writeString(
        facts(info.name()), info.kind() + "\n" + parent + "\n" + info.created() + "\n");
  }

  private Path facts(String name) {
    return root.resolve(hex(name) + ".facts");
  }

  Path tree(String name) {
    return root.resolve(hex(name) + ".tree");
  }

  private static String hex(String name) {
    return HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8));
  }
}
