// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.continuity;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** Makes other versions of a driver's bundle out of the one that the distribution ships. */
final class DriverJar {
  private DriverJar() {}

  /** The jar of a bundle of ours, in the distribution's repository. */
  static Path shipped(Path distribution, String artifact) throws IOException {
    try (Stream<Path> files = Files.walk(distribution.resolve("system/io/gantry/" + artifact))) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("no jar of " + artifact + " in " + distribution));
    }
  }

  /** A copy with another version. */
  static Path withVersion(Path jar, String version, Path directory) throws IOException {
    return copy(jar, version, directory, false);
  }

  /** A copy with another version whose components have lost their classes: it cannot activate. */
  static Path broken(Path jar, String version, Path directory) throws IOException {
    return copy(jar, version, directory, true);
  }

  private static Path copy(Path jar, String version, Path directory, boolean broken)
      throws IOException {
    Path copy =
        directory.resolve(jar.getFileName().toString().replace(".jar", "-" + version + ".jar"));
    try (JarFile from = new JarFile(jar.toFile())) {
      Manifest manifest = new Manifest(from.getManifest());
      Attributes main = manifest.getMainAttributes();
      main.putValue("Bundle-Version", version);
      try (OutputStream file = Files.newOutputStream(copy);
          JarOutputStream to = new JarOutputStream(file, manifest)) {
        Enumeration<JarEntry> entries = from.entries();
        while (entries.hasMoreElements()) {
          JarEntry entry = entries.nextElement();
          boolean lost = broken && entry.getName().endsWith(".class");
          if (!lost && !entry.getName().equals(JarFile.MANIFEST_NAME)) {
            to.putNextEntry(new JarEntry(entry.getName()));
            try (InputStream content = from.getInputStream(entry)) {
              content.transferTo(to);
            }
            to.closeEntry();
          }
        }
      }
    }
    return copy;
  }
}
