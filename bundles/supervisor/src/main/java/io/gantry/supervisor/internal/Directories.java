// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Directories of the supervisor's own. */
final class Directories {
  private static final String TOLD = "told";

  private Directories() {}

  /** Makes a directory that only root sees, with its parents. */
  static void create(Path directory) {
    try {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the directory " + directory, e);
    }
  }

  /** Leaves a mark in a directory that the end of its process was told. */
  static void markTold(Path directory) {
    try {
      if (Files.isDirectory(directory)) {
        Files.write(directory.resolve(TOLD), new byte[0]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot mark " + directory, e);
    }
  }

  static boolean told(Path directory) {
    return Files.exists(directory.resolve(TOLD));
  }

  /** Deletes the directories within {@code parent} that have other names. */
  static void deleteAllBut(Path parent, Set<String> names) {
    List<Path> others;
    try (Stream<Path> children = Files.list(parent)) {
      others = children.filter(child -> !names.contains(child.getFileName().toString())).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + parent, e);
    }
    others.forEach(Directories::delete);
  }

  /** Deletes a directory with what is in it; none being there is not an error. */
  static void delete(Path directory) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure)
                throws IOException {
              Files.delete(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete the directory " + directory, e);
    }
  }
}
