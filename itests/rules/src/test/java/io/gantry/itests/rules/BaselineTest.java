// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.differ.Baseline;
import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.Builder;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Processor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exported packages keep the promise of their versions: each jar in {@code baseline/} is compared
 * with the bundle of today.
 */
class BaselineTest {
  @TempDir Path directory;

  /** What breaks the promise, in words; empty if nothing does. */
  private static List<String> breaks(Path older, Path newer) throws Exception {
    List<String> breaks = new ArrayList<>();
    try (Processor processor = new Processor();
        Jar before = new Jar(older.toFile());
        Jar now = new Jar(newer.toFile())) {
      Baseline baseline = new Baseline(processor, new DiffPluginImpl());
      for (Baseline.Info info : baseline.baseline(now, before, null)) {
        if (info.mismatch) {
          breaks.add(
              info.packageName
                  + " is "
                  + info.newerVersion
                  + " and has to be "
                  + info.suggestedVersion
                  + ": "
                  + info.packageDiff.getDelta());
        }
      }
    }
    return breaks;
  }

  @Test
  void exportedPackagesKeepTheirPromise() throws Exception {
    List<String> breaks = new ArrayList<>();
    int compared = 0;
    if (Files.isDirectory(Bundles.baseline())) {
      try (Stream<Path> jars = Files.list(Bundles.baseline())) {
        for (Path older :
            (Iterable<Path>) jars.filter(j -> j.toString().endsWith(".jar"))::iterator) {
          String bundle = older.getFileName().toString().replaceAll("^gantry-(.*?)-[0-9].*", "$1");
          breaks.addAll(breaks(older, Bundles.jars().get(bundle)));
          compared++;
        }
      }
    }
    assertEquals(List.of(), breaks);
    assertTrue(compared > 0, "baseline/ holds a jar to compare with");
  }

  @Test
  void aMethodMoreInAnInterfaceThatDriversImplementIsABreak() throws Exception {
    Path older = jar("one", "void call();");
    assertEquals(List.of(), breaks(older, jar("same", "void call();")));
    List<String> breaks = breaks(older, jar("two", "void call(); void more();"));
    assertEquals(1, breaks.size(), breaks.toString());
    assertTrue(breaks.get(0).contains("has to be 2.0.0"), breaks.toString());
  }

  private Path jar(String name, String methods) throws Exception {
    Path source = Files.createDirectories(directory.resolve(name + "/src/spi"));
    Path classes = Files.createDirectories(directory.resolve(name + "/classes"));
    Files.writeString(
        source.resolve("Driver.java"), "package spi; public interface Driver { " + methods + " }");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertEquals(
        0,
        compiler.run(
            null, null, null, "-d", classes.toString(), source.resolve("Driver.java").toString()));
    Path jar = directory.resolve(name + ".jar");
    try (Builder builder = new Builder()) {
      builder.addClasspath(classes.toFile());
      builder.setProperty("Bundle-SymbolicName", "spi");
      builder.setProperty("Bundle-Version", "1.0.0");
      builder.setProperty("Export-Package", "spi;version=1.0.0");
      builder.build().write(jar.toFile());
    } catch (IOException e) {
      throw new IOException("cannot build the probe", e);
    }
    return jar;
  }
}
