// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.directory;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.storage.SnapshotKind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The driver's files: {@code names/NAME} says what a snapshot is, {@code s/ID/} holds its tree,
 * {@code trash/} what is being deleted. A name's file is written last and deleted first, so that a
 * crash leaves directories without a name at the worst, which the next start throws away.
 */
public final class SnapshotFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFiles.class);
  private static final int ID_LETTERS = 8;
  private static final String TEMPORARY = ".";

  private final Path names;
  private final Path directories;
  private final Trash trash;
  private final Map<String, SnapshotRecord> records = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();

  public SnapshotFiles(Path root) throws IOException {
    names = Files.createDirectories(root.resolve("names"));
    directories = Files.createDirectories(root.resolve("s"));
    Path discarded = Files.createDirectories(root.resolve("trash"));
    readNames();
    discardUnnamed(discarded);
    trash = new Trash(discarded);
  }

  private void readNames() throws IOException {
    Map<String, String> nameOfId = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(names)) {
      for (Path file : files) {
        String encoded = file.getFileName().toString();
        SnapshotRecord record =
            encoded.startsWith(TEMPORARY) ? null : SnapshotRecord.parse(Files.readString(file));
        if (record == null) {
          // Cut off by a crash of the engine, or emptied by one of the machine.
          LOG.warn("{} does not say what its snapshot is; it is thrown away", file);
          Files.delete(file);
          continue;
        }
        String name = SnapshotNames.decode(encoded);
        records.put(name, record);
        String other = nameOfId.putIfAbsent(record.id(), name);
        if (other != null) {
          // A commit that was cut off between its two steps: the committed name stands.
          forget(record.kind() == SnapshotKind.COMMITTED ? other : name);
        }
      }
    }
  }

  private void discardUnnamed(Path discarded) throws IOException {
    Set<String> known = new HashSet<>();
    records.values().forEach(record -> known.add(record.id()));
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directories)) {
      for (Path directory : found) {
        String id = directory.getFileName().toString();
        if (!known.contains(id)) {
          Files.move(directory, discarded.resolve(id), StandardCopyOption.ATOMIC_MOVE);
        }
      }
    }
  }

  public Map<String, SnapshotRecord> all() {
    return Map.copyOf(records);
  }

  /**
   * @throws EngineException NOT_FOUND
   */
  public SnapshotRecord get(String name) {
    SnapshotRecord record = records.get(name);
    if (record == null) {
      throw EngineException.notFound("snapshot " + name + " does not exist");
    }
    return record;
  }

  /**
   * @throws EngineException NOT_FOUND, INVALID if it is not committed
   */
  public SnapshotRecord parent(String name) {
    SnapshotRecord record = get(name);
    if (record.kind() != SnapshotKind.COMMITTED) {
      throw EngineException.invalid(
          "snapshot " + name + " is not committed, so nothing can be built on it");
    }
    return record;
  }

  /**
   * @throws EngineException NOT_FOUND, INVALID if it is committed
   */
  public SnapshotRecord mountable(String key) {
    SnapshotRecord record = get(key);
    if (record.kind() == SnapshotKind.COMMITTED) {
      throw EngineException.invalid(
          "snapshot " + key + " is committed and cannot be mounted; make a view of it");
    }
    return record;
  }

  /**
   * @throws EngineException CONFLICT
   */
  public void requireFree(String name) {
    SnapshotNames.encode(name);
    if (records.containsKey(name)) {
      throw EngineException.conflict("snapshot " + name + " exists already");
    }
  }

  public Path directory(SnapshotRecord record) {
    return directories.resolve(record.id());
  }

  /** The id of a new directory that has no name yet. */
  public String allocate() throws IOException {
    while (true) {
      StringBuilder id = new StringBuilder(ID_LETTERS);
      for (int i = 0; i < ID_LETTERS; i++) {
        id.append(Character.forDigit(random.nextInt(36), 36));
      }
      Path directory = directories.resolve(id.toString());
      if (!Files.exists(directory)) {
        Files.createDirectory(directory);
        return id.toString();
      }
    }
  }

  public void put(String name, SnapshotRecord record) throws IOException {
    String encoded = SnapshotNames.encode(name);
    Path fresh = names.resolve(TEMPORARY + encoded);
    Files.writeString(fresh, record.format());
    Files.move(fresh, names.resolve(encoded), StandardCopyOption.ATOMIC_MOVE);
    records.put(name, record);
  }

  /** Gives the active snapshot {@code key} the name {@code name}, on {@code parent}. */
  public void commit(String name, String key, String parent) {
    SnapshotRecord record = get(key);
    if (record.kind() != SnapshotKind.ACTIVE) {
      String what = record.kind() == SnapshotKind.VIEW ? "a view" : "committed";
      throw EngineException.invalid("snapshot " + key + " is " + what + " and cannot be committed");
    }
    requireFree(name);
    try {
      put(name, new SnapshotRecord(SnapshotKind.COMMITTED, record.id(), parent, record.created()));
      forget(key);
    } catch (IOException e) {
      throw failed("commit snapshot " + key, e);
    }
  }

  /** Takes a snapshot's name away and moves its directory to the trash. */
  public void remove(String name) {
    SnapshotRecord record = get(name);
    if (record.kind() == SnapshotKind.COMMITTED) {
      records.forEach(
          (child, other) -> {
            if (name.equals(other.parent())) {
              throw EngineException.conflict(
                  "snapshot " + name + " cannot be removed: " + child + " is built on it");
            }
          });
    }
    try {
      forget(name);
      discard(record.id());
    } catch (IOException e) {
      throw failed("remove snapshot " + name, e);
    }
  }

  private void forget(String name) throws IOException {
    Files.deleteIfExists(names.resolve(SnapshotNames.encode(name)));
    records.remove(name);
  }

  /** Moves a directory to the trash, where it is deleted later. */
  public void discard(String id) throws IOException {
    try {
      trash.take(directories.resolve(id));
    } catch (NoSuchFileException e) {
      // A crash came between: it is in the trash already.
    }
  }

  public static EngineException failed(String what, IOException e) {
    String reason =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : e.getMessage();
    boolean full = reason != null && reason.contains("No space left");
    return new EngineException(
        full ? ErrorKind.EXHAUSTED : ErrorKind.INTERNAL, "cannot " + what + ": " + reason, e);
  }

  /** Waits for the deletion of the entry at hand; the rest is deleted after the next start. */
  @Override
  public void close() {
    trash.close();
  }
}
