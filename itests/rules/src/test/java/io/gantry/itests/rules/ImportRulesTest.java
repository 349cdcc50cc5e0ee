// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The table of docs/architecture.md: which bundle may import what. */
class ImportRulesTest {
  private static final Set<String> EVERYWHERE = Set.of("java.", "javax.", "org.osgi.", "org.slf4j");
  private static final String JACKSON = "com.fasterxml.jackson.";
  private static final String API = "io.gantry.api.";
  private static final String CORE = "io.gantry.core.";
  private static final String LINUX = "io.gantry.linux";

  private static final Map<String, Set<String>> ALLOWED = new TreeMap<>();

  static {
    ALLOWED.put("api", Set.of(API));
    ALLOWED.put("core", Set.of(API, CORE));
    ALLOWED.put("linux", Set.of(LINUX, "com.sun.jna"));
    ALLOWED.put("state", Set.of(API, CORE, "org.sqlite", JACKSON));
    ALLOWED.put("settings", Set.of(API, CORE, LINUX));
    ALLOWED.put("drivers", Set.of(API, CORE));
    ALLOWED.put("daemon", Set.of(API, CORE));
    ALLOWED.put("supervisor", Set.of(API, CORE, LINUX));
    ALLOWED.put("content-store", Set.of(API, CORE));
    ALLOWED.put(
        "image",
        Set.of(API, CORE, LINUX, JACKSON, "org.apache.commons.compress.", "com.github.luben.zstd"));
    ALLOWED.put("rest", Set.of(API, CORE, JACKSON, "org.eclipse.jetty.", "jdk.net"));
    ALLOWED.put(
        "shell",
        Set.of(API, CORE, "org.apache.karaf.", "org.apache.felix.", "org.jline.", "jdk.net"));
  }

  private static final Set<String> DRIVER = Set.of(API, LINUX, "io.gantry.storage.directory");
  private static final List<String> DRIVER_PREFIXES =
      List.of("runtime-", "storage-", "network-", "volume-", "log-", "auth-");
  private static final Set<String> PLAIN_JARS = Set.of("tck", "launcher");

  static Set<String> allowed(String bundle) {
    return DRIVER_PREFIXES.stream().anyMatch(bundle::startsWith) ? DRIVER : ALLOWED.get(bundle);
  }

  /** Packages that {@code bundle} imports against the table. */
  static List<String> offences(String bundle, Set<String> imports) {
    Set<String> allowed = allowed(bundle);
    List<String> offences = new ArrayList<>();
    for (String name : imports) {
      boolean fine =
          EVERYWHERE.stream().anyMatch(name::startsWith)
              || (allowed != null && allowed.stream().anyMatch(name::startsWith));
      if (!fine) {
        offences.add(bundle + " imports " + name);
      }
    }
    return offences;
  }

  @Test
  void bundlesImportWhatTheTableAllows() throws IOException {
    List<String> offences = new ArrayList<>();
    for (Map.Entry<String, Path> bundle : Bundles.jars().entrySet()) {
      if (!PLAIN_JARS.contains(bundle.getKey())) {
        offences.addAll(offences(bundle.getKey(), Bundles.imports(bundle.getValue()).keySet()));
      }
    }
    assertEquals(List.of(), offences);
  }

  @Test
  void everyBundleStandsInTheTable() throws IOException {
    assertTrue(Bundles.names().size() > 15, "the bundles are built: " + Bundles.names());
    for (String bundle : Bundles.names()) {
      assertTrue(PLAIN_JARS.contains(bundle) || allowed(bundle) != null, bundle + " has no row");
    }
  }

  /** They would tie a driver to bundles that come and go, and spread its update. */
  @Test
  void driversHaveNoOptionalAndNoDynamicImports() throws IOException {
    for (Map.Entry<String, Path> bundle : Bundles.jars().entrySet()) {
      if (DRIVER_PREFIXES.stream().noneMatch(bundle.getKey()::startsWith)) {
        continue;
      }
      assertNull(
          Bundles.manifest(bundle.getValue())
              .getMainAttributes()
              .getValue("DynamicImport-Package"));
      Bundles.imports(bundle.getValue())
          .forEach(
              (name, attributes) ->
                  assertTrue(
                      !"optional".equals(attributes.get("resolution:")),
                      bundle.getKey() + " imports " + name + " optionally"));
    }
  }

  @Test
  void anOffenceIsSeen() {
    assertEquals(
        List.of("storage-overlay imports io.gantry.core.state"),
        offences("storage-overlay", Set.of("io.gantry.core.state", "io.gantry.api.storage")));
    assertEquals(
        List.of("daemon imports com.sun.jna"),
        offences("daemon", Set.of("com.sun.jna", "java.util")));
  }
}
