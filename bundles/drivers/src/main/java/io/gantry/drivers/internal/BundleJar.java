// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.drivers.internal;

import io.gantry.api.error.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** Jars of bundles: what they say of themselves, and where a bundle's own one is. */
final class BundleJar {
  private BundleJar() {}

  /**
   * @throws EngineException INVALID unless the jar is another version of {@code bundle}
   */
  static void check(Path jar, Bundle bundle) {
    String name = symbolicName(jar);
    if (!bundle.getSymbolicName().equals(name)) {
      throw EngineException.invalid(
          jar
              + " is "
              + (name == null ? "no OSGi bundle" : "the bundle " + name)
              + ", not another version of "
              + bundle.getSymbolicName());
    }
  }

  /** Null for a jar that is no bundle. */
  static String symbolicName(Path jar) {
    try (JarFile file = new JarFile(jar.toFile())) {
      if (file.getManifest() == null) {
        return null;
      }
      Attributes attributes = file.getManifest().getMainAttributes();
      String name = attributes.getValue(Constants.BUNDLE_SYMBOLICNAME);
      int directive = name == null ? -1 : name.indexOf(';');
      return directive < 0 ? name : name.substring(0, directive).trim();
    } catch (IOException e) {
      throw EngineException.invalid("cannot read " + jar + " as a jar: " + e.getMessage());
    }
  }

  /** Opens the jar that the bundle was installed from. */
  static InputStream openInstalled(Bundle bundle) throws IOException {
    String location = bundle.getLocation();
    if (location.startsWith("mvn:")) {
      Path inSystem = systemRepository(location);
      if (inSystem != null && Files.exists(inSystem)) {
        return Files.newInputStream(inSystem);
      }
    }
    String url = location.startsWith("reference:") ? location.substring(10) : location;
    return URI.create(url).toURL().openStream();
  }

  /** The installation's own repository, which Karaf's Maven URLs are answered from. */
  private static Path systemRepository(String location) {
    String home = System.getProperty("karaf.home");
    String[] parts = location.substring("mvn:".length()).split("/", -1);
    if (home == null || parts.length != 3) {
      return null;
    }
    return Path.of(
        home,
        "system",
        parts[0].replace('.', '/'),
        parts[1],
        parts[2],
        parts[1] + "-" + parts[2] + ".jar");
  }
}
