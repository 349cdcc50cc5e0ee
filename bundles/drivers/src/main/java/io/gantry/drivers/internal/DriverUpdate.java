// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.drivers.internal;

import io.gantry.api.error.EngineException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The safe path of an update. {@code drivers/SYMBOLIC-NAME.jar} is the jar that was last put in
 * place and worked: the launcher installs it again when it clears the bundle cache.
 */
final class DriverUpdate {
  private static final Logger log = LoggerFactory.getLogger(DriverUpdate.class);

  private final BundleContext context;
  private final Path directory;
  private final Patience patience;

  /** Updates come one at a time. */
  private final ReentrantLock running = new ReentrantLock();

  DriverUpdate(BundleContext context, Path directory, Patience patience) {
    this.context = context;
    this.directory = directory;
    this.patience = patience;
  }

  void run(long bundleId, List<DriverSlot> slots, Path jar) {
    running.lock();
    try {
      Bundle bundle = context.getBundle(bundleId);
      if (bundle == null) {
        throw EngineException.unavailable(
            "the bundle of driver \""
                + slots.get(0).name()
                + "\" was uninstalled: install it again");
      }
      BundleJar.check(jar, bundle);
      replace(bundle, slots, jar);
    } catch (IOException e) {
      throw EngineException.internal("cannot keep a copy of " + jar + ": " + e.getMessage(), e);
    } finally {
      running.unlock();
    }
  }

  /**
   * Puts the updated drivers in place again after the launcher has cleared the bundle cache, which
   * it tells by the file {@code install-again}. A jar that fails leaves the installation's own.
   */
  void installAgain() {
    Path mark = directory.resolve("install-again");
    if (!Files.exists(mark)) {
      return;
    }
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
      for (Path jar : jars) {
        installAgain(jar);
      }
      Files.delete(mark);
    } catch (IOException e) {
      log.warn("updated drivers in {} could not be installed again: {}", directory, e.toString());
    }
  }

  private void installAgain(Path jar) {
    try (InputStream stream = Files.newInputStream(jar)) {
      String name = BundleJar.symbolicName(jar);
      for (Bundle bundle : context.getBundles()) {
        if (bundle.getSymbolicName() != null && bundle.getSymbolicName().equals(name)) {
          bundle.update(stream);
          log.info("installed {} {} again from {}", name, bundle.getVersion(), jar);
          return;
        }
      }
    } catch (IOException | BundleException | EngineException e) {
      log.warn("{} could not be installed again: {}", jar, e.toString());
    }
  }

  private void replace(Bundle bundle, List<DriverSlot> slots, Path jar) throws IOException {
    Files.createDirectories(directory);
    Path current = directory.resolve(bundle.getSymbolicName() + ".jar");
    Path next = directory.resolve(bundle.getSymbolicName() + ".jar.next");
    Path previous = directory.resolve(bundle.getSymbolicName() + ".jar.previous");
    copy(jar, next);
    keepPrevious(bundle, current, previous);
    String failure = activate(bundle, slots, next);
    if (failure == null) {
      Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
      return;
    }
    Files.delete(next);
    log.warn("{} was not accepted, putting the jar before it back: {}", jar, failure);
    String again = activate(bundle, slots, previous);
    throw EngineException.unavailable(
        jar
            + " did not activate as driver \""
            + slots.get(0).name()
            + "\": "
            + failure
            + (again == null
                ? "; the version before it was put back and is in use"
                : "; and the version before it, which was put back, did not activate either: "
                    + again));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  private static void keepPrevious(Bundle bundle, Path current, Path previous) throws IOException {
    if (Files.exists(current)) {
      copy(current, previous);
      return;
    }
    try (InputStream installed = BundleJar.openInstalled(bundle)) {
      Files.copy(installed, previous, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Null if the driver is there, from that jar; else why not. */
  private String activate(Bundle bundle, List<DriverSlot> slots, Path jar) throws IOException {
    List<DriverOrigin> before = slots.stream().map(DriverSlot::origin).toList();
    try (InputStream stream = jar.toUri().toURL().openStream()) {
      bundle.update(stream);
      // Also a bundle that somebody stopped, or that failed to start: it is wanted now.
      bundle.start();
    } catch (BundleException e) {
      return e.getMessage();
    }
    for (int i = 0; i < slots.size(); i++) {
      DriverSlot slot = slots.get(i);
      if (!slot.awaitSuccessor(
          before.get(i), patience.activation(), () -> bundle.getState() != Bundle.ACTIVE)) {
        return "it registers no "
            + slot.kind().name()
            + " driver \""
            + slot.name()
            + "\" within "
            + patience.activation().toSeconds()
            + " s; the log has the reason";
      }
    }
    return null;
  }
}
