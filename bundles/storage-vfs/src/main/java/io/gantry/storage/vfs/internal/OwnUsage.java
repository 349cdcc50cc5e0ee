// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.vfs.internal;

import io.gantry.api.storage.Usage;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/**
 * What a tree has beyond its parent's: entries that are new, or whose kind, size or time of
 * modification differ.
 */
final class OwnUsage extends SimpleFileVisitor<Path> {
  private final Path tree;
  private final Path parent;
  private final Set<Object> inodes = new HashSet<>();
  private long bytes;

  private OwnUsage(Path tree, Path parent) {
    this.tree = tree;
    this.parent = parent;
  }

  /** {@code parent} may be null. */
  static Usage of(Path tree, Path parent) throws IOException {
    OwnUsage usage = new OwnUsage(tree, parent);
    Files.walkFileTree(tree, usage);
    return new Usage(usage.bytes, usage.inodes.size());
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
      throws IOException {
    if (inherited(directory) == null || directory.equals(tree)) {
      inodes.add(attributes.fileKey());
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    BasicFileAttributes before = inherited(file);
    boolean same =
        before != null
            && before.isRegularFile() == attributes.isRegularFile()
            && before.isSymbolicLink() == attributes.isSymbolicLink()
            && before.size() == attributes.size()
            && before.lastModifiedTime().equals(attributes.lastModifiedTime());
    if (!same && inodes.add(attributes.fileKey())) {
      bytes += attributes.size();
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) {
    return FileVisitResult.CONTINUE; // deleted while we walk
  }

  private BasicFileAttributes inherited(Path entry) throws IOException {
    if (parent == null) {
      return null;
    }
    Path same = parent.resolve(tree.relativize(entry));
    return Files.exists(same, LinkOption.NOFOLLOW_LINKS)
        ? Files.readAttributes(same, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        : null;
  }
}
