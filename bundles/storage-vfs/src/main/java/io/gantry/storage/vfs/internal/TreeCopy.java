// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.vfs.internal;

import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Copies a tree that nobody changes, with owners, modes, times to the nanosecond, extended
 * attributes, hard links and special files.
 */
final class TreeCopy extends SimpleFileVisitor<Path> {
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;

  private final Path from;
  private final Path to;

  /** Where the first name of a file with several names was copied to. */
  private final Map<Object, Path> linked = new HashMap<>();

  private TreeCopy(Path from, Path to) {
    this.from = from;
    this.to = to;
  }

  static void of(Path from, Path to) throws IOException {
    Files.walkFileTree(from, new TreeCopy(from, to));
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
      throws IOException {
    copy(directory, copyOf(directory));
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    Path copy = copyOf(file);
    boolean several = (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS) > 1;
    Path first = several ? linked.putIfAbsent(attributes.fileKey(), copy) : null;
    if (first != null) {
      Files.createLink(copy, first);
    } else if (attributes.isOther()) {
      special(file, copy);
      times(copy, attributes);
    } else {
      copy(file, copy);
      times(copy, attributes);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, IOException failure)
      throws IOException {
    if (failure != null) {
      throw failure;
    }
    times(copyOf(directory), Files.readAttributes(directory, BasicFileAttributes.class));
    return FileVisitResult.CONTINUE;
  }

  private Path copyOf(Path entry) {
    return to.resolve(from.relativize(entry));
  }

  /** The JDK copies attributes of all name spaces, but not those of directories. */
  private static void copy(Path entry, Path copy) throws IOException {
    Files.copy(entry, copy, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
    if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
      var read = Files.getFileAttributeView(entry, UserDefinedFileAttributeView.class);
      var write = Files.getFileAttributeView(copy, UserDefinedFileAttributeView.class);
      for (String name : read.list()) {
        var value = java.nio.ByteBuffer.allocate(read.size(name));
        read.read(name, value);
        write.write(name, value.flip());
      }
    }
  }

  /** A device, FIFO or socket; the JDK would open a FIFO, and wait for a writer. */
  private static void special(Path file, Path copy) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(file, "unix:mode,uid,gid,rdev", LinkOption.NOFOLLOW_LINKS);
    int mode = (int) attributes.get("mode");
    try (NativeMemory path = NativeMemory.of(bytes(copy))) {
      long device = (long) attributes.get("rdev");
      Syscalls.call("mknod " + copy, Syscall.MKNODAT, AT_FDCWD, path.address(), mode, device, 0, 0);
      Syscalls.call(
          "chown " + copy,
          Syscall.FCHOWNAT,
          AT_FDCWD,
          path.address(),
          (int) attributes.get("uid"),
          (int) attributes.get("gid"),
          AT_SYMLINK_NOFOLLOW,
          0);
      Syscalls.call(
          "chmod " + copy, Syscall.FCHMODAT, AT_FDCWD, path.address(), mode & 07777, 0, 0, 0);
    }
  }

  /** The JDK sets times to the microsecond only. */
  private static void times(Path copy, BasicFileAttributes attributes) {
    try (NativeMemory path = NativeMemory.of(bytes(copy));
        NativeMemory times = NativeMemory.allocate(32)) {
      Instant access = attributes.lastAccessTime().toInstant();
      Instant modification = attributes.lastModifiedTime().toInstant();
      times.setLong(0, access.getEpochSecond()).setLong(8, access.getNano());
      times.setLong(16, modification.getEpochSecond()).setLong(24, modification.getNano());
      Syscalls.call(
          "utimensat " + copy,
          Syscall.UTIMENSAT,
          AT_FDCWD,
          path.address(),
          times.address(),
          AT_SYMLINK_NOFOLLOW,
          0,
          0);
    }
  }

  /**
   * A path's own bytes and a final zero: a name in an image need not be UTF-8, and the JVM's locale
   * need not know it.
   */
  private static byte[] bytes(Path path) {
    byte[] escaped = path.toUri().getRawPath().getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length + 1);
    for (int i = 0; i < escaped.length; i++) {
      if (escaped[i] == '%') {
        bytes.write(Character.digit(escaped[i + 1], 16) << 4 | Character.digit(escaped[i + 2], 16));
        i += 2;
      } else {
        bytes.write(escaped[i]);
      }
    }
    bytes.write(0);
    return bytes.toByteArray();
  }
}
