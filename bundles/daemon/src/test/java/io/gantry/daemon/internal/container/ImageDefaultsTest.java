// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ImageDetails.ImageConfig;
import io.gantry.api.error.EngineException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ImageDefaultsTest {
  private static final String ID = "0123456789ab".repeat(5) + "0123";

  private static ImageConfig image(List<String> entrypoint, List<String> cmd) {
    return new ImageConfig(
        "daemon",
        Set.of(),
        List.of("PATH=/bin", "A=image"),
        entrypoint,
        cmd,
        Set.of("/data"),
        "/srv",
        Map.of("a", "image", "b", "image"),
        "SIGINT",
        List.of(),
        null);
  }

  private static List<String> command(
      List<String> entrypoint, List<String> cmd, ImageConfig image) {
    Asked asked = new Asked();
    asked.entrypoint = entrypoint;
    asked.cmd = cmd;
    return ImageDefaults.command(ImageDefaults.merge(asked.spec(), image, ID));
  }

  @Test
  void programAndArguments() {
    ImageConfig image = image(List.of("entry"), List.of("argument"));
    assertEquals(List.of("entry", "argument"), command(null, null, image));
    assertEquals(List.of("entry", "own"), command(null, List.of("own"), image));
    assertEquals(List.of("mine"), command(List.of("mine"), null, image));
    assertEquals(List.of("mine", "own"), command(List.of("mine"), List.of("own"), image));
    assertEquals(List.of("own"), command(List.of(""), List.of("own"), image));
    assertEquals(List.of("argument"), command(null, null, image(null, List.of("argument"))));
  }

  @Test
  void refusesToRunNothing() {
    assertThrows(EngineException.class, () -> command(null, null, image(null, null)));
    assertThrows(EngineException.class, () -> command(null, List.of(""), image(null, null)));
  }

  @Test
  void takesTheImagesWhereTheUserSaysNothing() {
    ContainerSpec merged = ImageDefaults.merge(new Asked().spec(), image(null, List.of("sh")), ID);
    assertEquals("daemon", merged.process().user());
    assertEquals("/srv", merged.process().workingDir());
    assertEquals(List.of("PATH=/bin", "A=image"), merged.process().env());
    assertEquals("SIGINT", merged.lifecycle().stopSignal());
    assertEquals(Set.of("/data"), merged.mounts().volumes());
    assertEquals("0123456789ab", merged.identity().hostname());
  }

  @Test
  void prefersTheUsers() {
    Asked asked = new Asked();
    asked.user = "root";
    asked.workingDir = "/";
    asked.env = List.of("A=mine", "B");
    asked.labels = Map.of("a", "mine");
    asked.stopSignal = "9";
    asked.hostname = "host";
    asked.volumes = Set.of("/more");
    ContainerSpec merged = ImageDefaults.merge(asked.spec(), image(null, List.of("sh")), ID);
    assertEquals("root", merged.process().user());
    assertEquals("/", merged.process().workingDir());
    assertEquals(List.of("A=mine", "B", "PATH=/bin"), merged.process().env());
    assertEquals(Map.of("a", "mine", "b", "image"), merged.identity().labels());
    assertEquals("9", merged.lifecycle().stopSignal());
    assertEquals("host", merged.identity().hostname());
    assertEquals(Set.of("/data", "/more"), merged.mounts().volumes());
  }

  @Test
  void noStopSignalAnywhereIsNone() {
    ContainerSpec merged = ImageDefaults.merge(new Asked().spec(), OneImage.CONFIG, ID);
    assertNull(merged.lifecycle().stopSignal());
  }
}
