// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.directory;

import io.gantry.api.storage.Usage;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;

/** Adds up a tree: sizes of files and of symbolic links, each inode once, as Docker counts. */
public final class TreeUsage extends SimpleFileVisitor<Path> {
  private final Set<Object> inodes = new HashSet<>();
  private long bytes;

  public static Usage of(Path tree) throws IOException {
    TreeUsage usage = new TreeUsage();
    Files.walkFileTree(tree, usage);
    return new Usage(usage.bytes, usage.inodes.size());
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
    inodes.add(attributes.fileKey());
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (inodes.add(attributes.fileKey()) && !attributes.isOther()) {
      bytes += attributes.size();
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) {
    return FileVisitResult.CONTINUE; // deleted while we walk
  }
}
