// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.drivers.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.Drivers.DriverDetails;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.network.NetworkDriver;
import io.gantry.core.driver.DriverKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.util.tracker.ServiceTracker;

/** In a real framework, with a tracker in the place of Declarative Services. */
@Timeout(60)
class DriverUpdateTest {
  private static final String NAME = "test.network-bridge";
  private static final Patience PATIENCE =
      new Patience(
          Duration.ofSeconds(10),
          Duration.ofSeconds(4),
          Duration.ofMillis(500),
          Duration.ofMillis(400),
          Duration.ZERO);

  @TempDir Path directory;
  private Framework framework;
  private LeasingDriverRegistry registry;

  @BeforeEach
  void start() throws Exception {
    startFramework();
    BundleContext context = framework.getBundleContext();
    if (context.getBundles().length == 1) {
      context.installBundle(jar("1.0.0", NAME, "work").toUri().toString()).start();
    }
  }

  private void startFramework() throws Exception {
    framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    directory.resolve("cache").toString(),
                    Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                    "io.gantry.api.network,io.gantry.core.driver,io.gantry.api.error"));
    framework.start();
    BundleContext context = framework.getBundleContext();
    registry = new LeasingDriverRegistry(context, directory.resolve("drivers"), PATIENCE);
    new ServiceTracker<NetworkDriver, NetworkDriver>(context, NetworkDriver.class, null) {
      @Override
      public NetworkDriver addingService(ServiceReference<NetworkDriver> reference) {
        NetworkDriver driver = super.addingService(reference);
        registry.bindNetworkDriver(reference, driver);
        return driver;
      }

      @Override
      public void removedService(ServiceReference<NetworkDriver> reference, NetworkDriver driver) {
        registry.unbindNetworkDriver(driver);
        super.removedService(reference, driver);
      }
    }.open();
  }

  @AfterEach
  void stop() throws Exception {
    framework.stop();
    framework.waitForStop(10_000);
  }

  private Path jar(String version, String symbolicName, String behaviour) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
    attributes.putValue(Constants.BUNDLE_SYMBOLICNAME, symbolicName);
    attributes.putValue(Constants.BUNDLE_VERSION, version);
    attributes.putValue(Constants.BUNDLE_ACTIVATOR, VersionedDriverActivator.class.getName());
    attributes.putValue(
        Constants.IMPORT_PACKAGE,
        "org.osgi.framework,io.gantry.api.network,io.gantry.core.driver,io.gantry.api.error");
    attributes.putValue("Test-Behaviour", behaviour);
    Path jar = directory.resolve(symbolicName + "-" + version + ".jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
      for (Class<?> type :
          new Class<?>[] {VersionedDriverActivator.class, FakeNetworkDriver.class}) {
        String path = type.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(path));
        try (InputStream bytes = type.getClassLoader().getResourceAsStream(path)) {
          bytes.transferTo(out);
        }
      }
    }
    return jar;
  }

  private void assertWorks(String version) {
    assertEquals("ACTIVE", registry.list().get(0).state());
    assertEquals(version, registry.list().get(0).version());
    registry.call(DriverKind.NETWORK, "bridge", driver -> driver.attach(null, null));
  }

  @Test
  void runsTheNewVersionAlsoAfterARestart() throws Exception {
    DriverDetails now = registry.update("bridge", jar("2.0.0", NAME, "work"));
    assertEquals("2.0.0", now.version());
    assertWorks("2.0.0");
    Path kept = directory.resolve("drivers").resolve(NAME + ".jar");
    assertEquals(-1, Files.mismatch(kept, directory.resolve(NAME + "-2.0.0.jar")));
    stop();
    startFramework();
    assertWorks("2.0.0");
  }

  @Test
  void anUpdatedDriverComesBackAfterTheBundleCacheWasCleared() throws Exception {
    registry.update("bridge", jar("2.0.0", NAME, "work"));
    stop();
    // As the launcher does it: an empty cache, the bundles of the installation, the mark.
    try (Stream<Path> files = Files.walk(directory.resolve("cache"))) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
    Path mark = Files.createFile(directory.resolve("drivers/install-again"));
    start();
    assertWorks("1.0.0");
    registry.installAgain();
    assertWorks("2.0.0");
    assertFalse(Files.exists(mark));
  }

  @Test
  void putsThePreviousJarBackWhenTheNewOneThrows() throws Exception {
    Path broken = jar("2.0.0", NAME, "throw");
    EngineException e = assertThrows(EngineException.class, () -> registry.update(NAME, broken));
    assertEquals(ErrorKind.UNAVAILABLE, e.kind());
    assertTrue(e.getMessage().contains("the version before it was put back"), e.getMessage());
    assertWorks("1.0.0");
    assertFalse(Files.exists(directory.resolve("drivers").resolve(NAME + ".jar")));
    assertFalse(Files.exists(directory.resolve("drivers").resolve(NAME + ".jar.next")));
  }

  @Test
  void putsTheLastGoodJarBackWhenTheNewOneRegistersNothing() throws Exception {
    registry.update("bridge", jar("2.0.0", NAME, "work"));
    Path silent = jar("3.0.0", NAME, "silent");
    EngineException e =
        assertThrows(EngineException.class, () -> registry.update("bridge", silent));
    assertTrue(e.getMessage().contains("registers no network driver \"bridge\""), e.getMessage());
    assertWorks("2.0.0");
  }

  @Test
  void bringsBackADriverWhoseBundleWasStopped() throws Exception {
    for (Bundle bundle : framework.getBundleContext().getBundles()) {
      if (NAME.equals(bundle.getSymbolicName())) {
        bundle.stop();
      }
    }
    registry.update("bridge", jar("2.0.0", NAME, "work"));
    assertWorks("2.0.0");
  }

  @Test
  void refusesWhatIsNoVersionOfTheDriver() throws Exception {
    Path other = jar("2.0.0", "test.other", "work");
    EngineException e = assertThrows(EngineException.class, () -> registry.update("bridge", other));
    assertEquals(ErrorKind.INVALID, e.kind());
    Path text = Files.writeString(directory.resolve("text.jar"), "no jar");
    e = assertThrows(EngineException.class, () -> registry.update("bridge", text));
    assertEquals(ErrorKind.INVALID, e.kind());
    assertThrows(EngineException.class, () -> registry.update("nothing", other));
    assertWorks("1.0.0");
  }
}
