// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.volume.local.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;

/**
 * One volume on disk, laid out as Docker does: {@code NAME/_data} is the content, {@code
 * NAME/opts.json} the options. {@code NAME/mounts/BOOT/ID} stands for a user; users of an earlier
 * boot are gone.
 */
final class VolumeDirectory {
  private final Path directory;
  private final String bootId;

  VolumeDirectory(Path directory, String bootId) {
    this.directory = directory;
    this.bootId = bootId;
  }

  Path path() {
    return directory;
  }

  Path data() {
    return directory.resolve("_data");
  }

  /** Asks for the volume's own directory: its content may be a file system that does not answer. */
  boolean exists() {
    return Files.isDirectory(directory);
  }

  Instant created() throws IOException {
    return ((FileTime) Files.getAttribute(directory, "unix:ctime")).toInstant();
  }

  /**
   * Makes the directory under a temporary name and renames it, so that it is there with its options
   * or not at all.
   */
  void create(Map<String, String> options) throws IOException {
    Path parent = directory.getParent();
    Path fresh = Files.createTempDirectory(parent, ".new-");
    boolean created = false;
    try {
      VolumeDirectory unnamed = new VolumeDirectory(fresh, bootId);
      Files.createDirectory(unnamed.data());
      setMode(unnamed.data(), "rwxr-xr-x");
      if (!options.isEmpty()) {
        Path file = fresh.resolve("opts.json");
        Files.writeString(file, StoredOptions.toJson(options));
        setMode(file, "rw-------");
      }
      setMode(fresh, "rwx-----x");
      Files.move(fresh, directory, StandardCopyOption.ATOMIC_MOVE);
      created = true;
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(directory + " cannot be renamed into place", e);
    } finally {
      if (!created) {
        deleteTree(fresh);
      }
    }
  }

  Map<String, String> options() throws IOException {
    try {
      return StoredOptions.fromJson(Files.readString(directory.resolve("opts.json")));
    } catch (NoSuchFileException e) {
      return Map.of();
    }
  }

  boolean hasUsers() throws IOException {
    try (DirectoryStream<Path> users = Files.newDirectoryStream(users())) {
      return users.iterator().hasNext();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  void addUser(String mountId) throws IOException {
    if (!Files.isDirectory(users())) {
      deleteTree(directory.resolve("mounts"));
      Files.createDirectories(users());
    }
    try {
      Files.createFile(user(mountId));
    } catch (FileAlreadyExistsException e) {
      // the call is a repetition
      return;
    }
  }

  boolean removeUser(String mountId) throws IOException {
    return Files.deleteIfExists(user(mountId));
  }

  private Path users() {
    return directory.resolve("mounts").resolve(bootId);
  }

  private Path user(String mountId) {
    return users().resolve("id-" + URLEncoder.encode(mountId, UTF_8));
  }

  private static void setMode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  /** Deletes a tree without following links; its not being there is not an error. */
  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
