// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.rules;

import aQute.bnd.header.Attrs;
import aQute.bnd.header.Parameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** The jars of the bundles as they were built just now. */
final class Bundles {
  private static final Path ROOT = Path.of(System.getProperty("gantry.root", "../.."));

  private Bundles() {}

  /** Jars by the name of their directory below {@code bundles}. */
  static Map<String, Path> jars() throws IOException {
    Map<String, Path> jars = new TreeMap<>();
    try (Stream<Path> directories = Files.list(ROOT.resolve("bundles"))) {
      for (Path directory : (Iterable<Path>) directories::iterator) {
        try (Stream<Path> files =
            Files.isDirectory(directory.resolve("target"))
                ? Files.list(directory.resolve("target"))
                : Stream.<Path>empty()) {
          files
              .filter(file -> file.getFileName().toString().matches("gantry-.*SNAPSHOT\\.jar"))
              .forEach(jar -> jars.put(directory.getFileName().toString(), jar));
        }
      }
    }
    return jars;
  }

  static Path baseline() {
    return ROOT.resolve("baseline");
  }

  static Manifest manifest(Path jar) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      return file.getManifest();
    }
  }

  /** Imported packages with their attributes. */
  static Map<String, Attrs> imports(Path jar) throws IOException {
    String header = manifest(jar).getMainAttributes().getValue("Import-Package");
    Map<String, Attrs> imports = new TreeMap<>();
    if (header != null) {
      new Parameters(header).forEach(imports::put);
    }
    return imports;
  }

  static List<String> names() throws IOException {
    return new ArrayList<>(jars().keySet());
  }
}
