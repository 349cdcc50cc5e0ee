// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.overlay.internal;

import io.gantry.api.error.EngineException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The driver's files: {@code names/NAME} says what a snapshot is, {@code s/ID/fs} holds its
 * changes, {@code s/ID/work} is overlayfs's own, {@code trash/} what is being deleted. A name's
 * file is written last and deleted first, so that a crash leaves directories without a name at the
 * worst, which the next start throws away.
 */
final class SnapshotFiles {
  private static final int ID_LETTERS = 8;

  private final Path names;
  private final Path directories;
  private final Path trash;
  private final Map<String, SnapshotRecord> records = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  SnapshotFiles(Path root) throws IOException {
    names = Files.createDirectories(root.resolve("names"));
    directories = Files.createDirectories(root.resolve("s"));
    trash = Files.createDirectories(root.resolve("trash"));
    read();
  }

  private void read() throws IOException {
    Map<String, String> nameOfId = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(names)) {
      for (Path file : files) {
        if (file.getFileName().toString().endsWith(".tmp")) {
          Files.delete(file);
          continue;
        }
        String name = decode(file.getFileName().toString());
        SnapshotRecord record = SnapshotRecord.parse(Files.readAllLines(file));
        String other = nameOfId.putIfAbsent(record.id(), name);
        if (other != null) {
          // a commit that was cut off between its two steps: the committed name stands
          String active = isActive(record) ? name : other;
          records.put(name, record);
          Files.deleteIfExists(file(active));
          records.remove(active);
          continue;
        }
        records.put(name, record);
      }
    }
    Set<String> known = new HashSet<>();
    records.values().forEach(record -> known.add(record.id()));
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directories)) {
      for (Path directory : found) {
        if (!known.contains(directory.getFileName().toString())) {
          discard(directory.getFileName().toString());
        }
      }
    }
  }

  private static boolean isActive(SnapshotRecord record) {
    return record.kind() != io.gantry.api.storage.SnapshotKind.COMMITTED;
  }

  Path trash() {
    return trash;
  }

  Map<String, SnapshotRecord> all() {
    return Map.copyOf(records);
  }

  SnapshotRecord get(String name) {
    return records.get(name);
  }

  Path changes(SnapshotRecord record) {
    return directories.resolve(record.id()).resolve("fs");
  }

  Path work(SnapshotRecord record) {
    return directories.resolve(record.id()).resolve("work");
  }

  /** A new directory, not named yet. */
  String allocate() throws IOException {
    while (true) {
      StringBuilder id = new StringBuilder(ID_LETTERS);
      for (int i = 0; i < ID_LETTERS; i++) {
        id.append(Character.forDigit(random.nextInt(36), 36));
      }
      Path directory = directories.resolve(id.toString());
      if (!Files.exists(directory)) {
        Files.createDirectory(directory);
        Files.createDirectory(directory.resolve("fs"));
        return id.toString();
      }
    }
  }

  void put(String name, SnapshotRecord record) throws IOException {
    Path fresh = names.resolve(encode(name) + ".tmp");
    Files.writeString(fresh, record.format());
    Files.move(fresh, file(name), StandardCopyOption.ATOMIC_MOVE);
    records.put(name, record);
  }

  void forget(String name) throws IOException {
    Files.deleteIfExists(file(name));
    records.remove(name);
  }

  /** Moves a directory to the trash. */
  void discard(String id) throws IOException {
    try {
      Files.move(directories.resolve(id), trash.resolve(id), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      // a crash came between
    }
  }

  private Path file(String name) {
    return names.resolve(encode(name));
  }

  private static String encode(String name) {
    if (name.isEmpty() || name.length() > 200) {
      throw EngineException.invalid(
          "invalid snapshot name \"" + name + "\": it must have 1 to 200 characters");
    }
    return name.replace("%", "%25").replace("/", "%2F").replaceFirst("^\\.", "%2E");
  }

  private static String decode(String file) {
    return file.replace("%2E", ".").replace("%2F", "/").replace("%25", "%");
  }
}
