// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.volume.local.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("root")
class KernelMountTest {
  private final KernelMounter mounter = new KernelMounter();

  @TempDir Path directory;
  private LocalVolumeDriver driver;

  @BeforeEach
  void openDriver() throws IOException {
    driver = new LocalVolumeDriver(directory.resolve("a volume's root"), "boot-1", mounter);
  }

  @AfterEach
  void unmountAll() {
    mounter.mountPointsBelow(directory).forEach(mounter::unmount);
  }

  @Test
  void aTmpfsComesAndGoes() throws IOException {
    driver.create("cache", Map.of("type", "tmpfs", "device", "tmpfs", "o", "size=64k,mode=700"));
    Path content = driver.mount("cache", "one");
    assertEquals(List.of(content), mounter.mountPointsBelow(directory));
    assertEquals(65_536, Files.getFileStore(content).getTotalSpace());
    Files.writeString(content.resolve("file"), "content");
    driver.mount("cache", "two");
    driver.unmount("cache", "one");
    assertTrue(Files.exists(content.resolve("file")));
    driver.unmount("cache", "two");
    assertFalse(Files.exists(content.resolve("file")));
    assertEquals(List.of(), mounter.mountPointsBelow(directory));
    driver.remove("cache");
  }

  @Test
  void aReadOnlyBindIsReadOnly() throws IOException {
    Path source = Files.createDirectory(directory.resolve("source"));
    Files.writeString(source.resolve("file"), "content");
    driver.create("bound", Map.of("type", "none", "device", source.toString(), "o", "bind,ro"));
    Path content = driver.mount("bound", "one");
    assertEquals("content", Files.readString(content.resolve("file")));
    assertThrows(IOException.class, () -> Files.writeString(content.resolve("new"), "x"));
    driver.unmount("bound", "one");
    driver.remove("bound");
    assertEquals("content", Files.readString(source.resolve("file")));
  }

  @Test
  void theKernelsRefusalIsToldInDockersWords() {
    driver.create("bad", Map.of("type", "nosuchfs", "device", "none"));
    EngineException refused = assertThrows(EngineException.class, () -> driver.mount("bad", "one"));
    Path target = driver.get("bad").mountpoint();
    assertTrue(
        refused
            .getMessage()
            .endsWith("failed to mount local volume: mount none:" + target + ": no such device"),
        refused.getMessage());
    driver.remove("bad");
  }
}
