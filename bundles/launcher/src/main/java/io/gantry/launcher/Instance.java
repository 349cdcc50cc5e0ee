// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * The directories of one engine. The installation is only read; all that an instance writes lies
 * below its data root and its exec root.
 */
final class Instance {
  private final Path home;
  private final Path base;

  /** Kept for as long as the process runs: the kernel lets it go with it. */
  private FileLock lock;

  Instance(Path home, Path dataRoot) {
    this.home = home;
    this.base = dataRoot.resolve("karaf");
  }

  Path base() {
    return base;
  }

  Path etc() {
    return base.resolve("etc");
  }

  Path data() {
    return base.resolve("data");
  }

  /**
   * Makes the directories, and brings the configuration of the installation along. Another
   * installation or another JDK clears the bundle cache, since what is in it was made from the one
   * before: {@code startup.properties} counts only on an empty one.
   */
  void prepare() throws IOException {
    for (String directory :
        new String[] {"etc", "data/tmp", "data/log", "deploy", "instances", "drivers"}) {
      Files.createDirectories(base.resolve(directory));
    }
    String fingerprint = fingerprint();
    Path stamp = base.resolve("fingerprint");
    if (!Files.exists(stamp) || !Files.readString(stamp).equals(fingerprint)) {
      delete(data().resolve("cache"));
      // Driver bundles that were updated are installed again, by the driver registry.
      Files.writeString(base.resolve("drivers/install-again"), "");
      copy(home.resolve("etc"), etc());
      Files.writeString(stamp, fingerprint);
    }
  }

  /** Takes the data root for this process, until it ends. False if another process has it. */
  boolean lock() throws IOException {
    Files.createDirectories(base);
    lock =
        FileChannel.open(base.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
            .tryLock();
    return lock != null;
  }

  private String fingerprint() throws IOException {
    StringBuilder text =
        new StringBuilder(System.getProperty("java.vm.version"))
            .append('\n')
            .append(home)
            .append('\n');
    for (String part : new String[] {"etc", "lib", "system"}) {
      try (Stream<Path> files = Files.walk(home.resolve(part))) {
        files
            .filter(Files::isRegularFile)
            .sorted(Comparator.naturalOrder())
            .forEach(
                file ->
                    text.append(home.relativize(file))
                        .append(' ')
                        .append(stamp(file))
                        .append('\n'));
      }
    }
    return Integer.toHexString(text.toString().hashCode())
        + " "
        + text.toString().getBytes(StandardCharsets.UTF_8).length
        + "\n";
  }

  private static String stamp(Path file) {
    try {
      return Files.size(file) + " " + Files.getLastModifiedTime(file).toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
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
}
