// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.volume;

import io.gantry.api.error.EngineException;
import io.gantry.api.volume.VolumeDriver;
import io.gantry.api.volume.VolumeInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A volume driver that keeps its books in a map that outlives it, and the content in directories.
 */
class PlainVolumeDriver implements VolumeDriver {
  /** What is known of one volume. */
  record Entry(VolumeInfo info, Set<String> users) {}

  private final Path root;
  private final Map<String, Entry> books;

  PlainVolumeDriver(Path root, Map<String, Entry> books) {
    this.root = root;
    this.books = books;
  }

  static Map<String, Entry> emptyBooks() {
    return new TreeMap<>();
  }

  @Override
  public VolumeInfo create(String name, Map<String, String> driverOptions) {
    if (!name.matches("[a-zA-Z0-9][a-zA-Z0-9_.-]+") || !driverOptions.isEmpty()) {
      throw EngineException.invalid("bad name or options: " + name + " " + driverOptions);
    }
    synchronized (books) {
      return books.computeIfAbsent(name, this::newEntry).info();
    }
  }

  private Entry newEntry(String name) {
    try {
      Path path = Files.createDirectory(root.resolve(name));
      return new Entry(
          new VolumeInfo(name, path, java.time.Instant.now(), Map.of(), Map.of()), new HashSet<>());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public VolumeInfo get(String name) {
    return entry(name).info();
  }

  @Override
  public List<VolumeInfo> list() {
    synchronized (books) {
      return books.values().stream().map(Entry::info).toList();
    }
  }

  @Override
  public void remove(String name) {
    synchronized (books) {
      Entry entry = entry(name);
      if (isUsed(entry)) {
        throw EngineException.conflict(name + " is in use");
      }
      books.remove(name);
      delete(entry.info().mountpoint());
    }
  }

  boolean isUsed(Entry entry) {
    return !entry.users().isEmpty();
  }

  void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Path mount(String name, String mountId) {
    synchronized (books) {
      Entry entry = entry(name);
      entry.users().add(mountId);
      return entry.info().mountpoint();
    }
  }

  @Override
  public void unmount(String name, String mountId) {
    synchronized (books) {
      if (books.containsKey(name)) {
        books.get(name).users().remove(mountId);
      }
    }
  }

  private Entry entry(String name) {
    synchronized (books) {
      Entry entry = books.get(name);
      if (entry == null) {
        throw EngineException.notFound("get " + name + ": no such volume");
      }
      return entry;
    }
  }
}
