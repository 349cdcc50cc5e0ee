// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.settings.internal;

import io.gantry.core.engine.HostShutdown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends containers by their own signals when the machine goes down, and only then. Services that
 * depend on the engine are told before it goes, so its end is the moment to look.
 */
@Component(
    service = {},
    immediate = true)
public final class MachineShutdown {
  private static final Logger LOG = LoggerFactory.getLogger(MachineShutdown.class);
  private static final Path SYSTEMD = Path.of("/run/systemd/system");
  private static final int ANSWER_SECONDS = 3;

  private final HostShutdown engine;

  @Activate
  public MachineShutdown(@Reference HostShutdown engine) {
    this.engine = engine;
  }

  @Deactivate
  void engineGoes() {
    if (machineGoesDown()) {
      LOG.info("the machine goes down: stopping all containers");
      engine.stopContainers();
    }
  }

  /** Asks systemd, which alone knows; without it containers are the init system's to end. */
  private static boolean machineGoesDown() {
    if (!Files.isDirectory(SYSTEMD)) {
      return false;
    }
    try {
      Process process =
          new ProcessBuilder("systemctl", "is-system-running").redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      String state =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      return state.equals("stopping");
    } catch (IOException e) {
      LOG.warn("systemd cannot be asked whether the machine goes down: {}", e.getMessage());
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
