// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.log.jsonfile.internal;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The files of one log. A file is a generation, numbered since the log began, and is kept under its
 * number: {@code json-file/17} or {@code json-file/17.gz}. The names that people and log collectors
 * know ({@code ID-json.log}, {@code ID-json.log.1}) are hard links to the newest ones.
 *
 * <p>So a position finds its file whatever is being renamed, a rotation is done as soon as the new
 * number exists, and a crash in the middle of moving the names is repaired by giving them out
 * again.
 */
final class LogGenerations {
  private static final FileAttribute<?> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));
  private static final FileAttribute<?> DIRECTORY_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Path directory;
  private final Path store;
  private final String publicName;

  LogGenerations(Path directory, String containerId) {
    this.directory = directory;
    this.store = directory.resolve("json-file");
    this.publicName = containerId + "-json.log";
  }

  Path plain(long generation) {
    return store.resolve(Long.toString(generation));
  }

  Path compressed(long generation) {
    return store.resolve(generation + ".gz");
  }

  Path temporary(long generation) {
    return store.resolve(generation + ".tmp");
  }

  void create(long generation) throws IOException {
    Files.createDirectories(store, DIRECTORY_MODE);
    Files.deleteIfExists(plain(generation));
    Files.createFile(plain(generation), FILE_MODE);
  }

  /** The generations that are there. */
  NavigableSet<Long> list() throws IOException {
    TreeSet<Long> found = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(store)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String number = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        if (number.chars().allMatch(c -> c >= '0' && c <= '9')) {
          found.add(Long.parseLong(number));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return found;
    }
    return found;
  }

  void delete(long generation) throws IOException {
    Files.deleteIfExists(plain(generation));
    Files.deleteIfExists(compressed(generation));
    Files.deleteIfExists(temporary(generation));
  }

  /** Gives the public names to the newest generations, oldest name first. */
  void publish(long current, int maxFiles) throws IOException {
    for (int age = maxFiles - 1; age >= 0; age--) {
      String name = age == 0 ? publicName : publicName + "." + age;
      long generation = current - age;
      link(generation < 0 ? null : plain(generation), directory.resolve(name));
      if (age > 0) {
        link(generation < 0 ? null : compressed(generation), directory.resolve(name + ".gz"));
      }
    }
  }

  private void link(Path file, Path name) throws IOException {
    if (file == null || !Files.exists(file)) {
      Files.deleteIfExists(name);
      return;
    }
    if (Files.exists(name) && Files.isSameFile(file, name)) {
      return;
    }
    Path fresh = store.resolve("name.tmp");
    Files.deleteIfExists(fresh);
    Files.createLink(fresh, file);
    Files.move(fresh, name, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Deletes everything, the names first, so that a crash leaves no name without its number. */
  void deleteAll() throws IOException {
    try (DirectoryStream<Path> names = Files.newDirectoryStream(directory, publicName + "*")) {
      for (Path name : names) {
        Files.deleteIfExists(name);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(store)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    Files.deleteIfExists(store);
  }
}
