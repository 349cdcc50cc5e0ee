// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.api.error.EngineException;
import io.gantry.api.storage.Mount;
import io.gantry.linux.Fd;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Detached mounts, by fsconfig(2) and by mount(2) for older kernels. */
@Tag("root")
class SnapshotMountKernelTest {
  @TempDir Path directory;
  private PrivateMounts privateMounts;
  private SnapshotMount mounts;

  @BeforeEach
  void begin() {
    privateMounts = new PrivateMounts(directory.resolve("point"));
    mounts = new SnapshotMount(privateMounts);
  }

  @AfterEach
  void end() throws Exception {
    privateMounts.close();
    assertEquals(
        List.of(),
        Files.readAllLines(Path.of("/proc/self/mounts")).stream()
            .filter(line -> line.contains(directory.toString()))
            .toList());
  }

  /** An overlay with so many layers that their paths fill more than a page. */
  private Mount overlay(int layers) throws Exception {
    List<String> lower = new ArrayList<>();
    for (int i = 0; i < layers; i++) {
      Path layer =
          Files.createDirectories(
              directory.resolve("layers/" + "0123456789".repeat(4) + i + "/diff"));
      Files.writeString(layer.resolve("file" + i), "layer " + i);
      Files.writeString(layer.resolve("same"), "layer " + i);
      lower.add(layer.toString());
    }
    Path upper = Files.createDirectories(directory.resolve("upper"));
    Path work = Files.createDirectories(directory.resolve("work"));
    return new Mount(
        "overlay",
        "overlay",
        List.of("lowerdir=" + String.join(":", lower), "upperdir=" + upper, "workdir=" + work));
  }

  /** As the storage driver overlay2 gives its layers. */
  private Mount oneByOne(Mount overlay) {
    List<String> options = new ArrayList<>();
    for (String option : overlay.options()) {
      if (option.startsWith("lowerdir=")) {
        for (String layer : option.substring("lowerdir=".length()).split(":", -1)) {
          options.add("lowerdir+=" + layer);
        }
      } else {
        options.add(option);
      }
    }
    return new Mount("overlay", "overlay", options);
  }

  private static void check(Fd root, int layers) throws Exception {
    try (root) {
      Path tree = root.path();
      assertEquals("layer 0", Files.readString(tree.resolve("same")));
      for (int i = 0; i < layers; i++) {
        assertEquals("layer " + i, Files.readString(tree.resolve("file" + i)));
      }
      Files.writeString(tree.resolve("new"), "new");
      Files.delete(tree.resolve("new"));
    }
  }

  @Test
  void overlayOfFewAndOfManyLayers() throws Exception {
    check(mounts.mount(List.of(overlay(1))), 1);
    check(mounts.mount(List.of(overlay(60))), 60);
    check(mounts.mount(List.of(oneByOne(overlay(60)))), 60);
  }

  @Test
  void overlayOnKernelsThatDoNotConfigureIt() throws Exception {
    check(privateMounts.mount(overlay(2)), 2);
    check(privateMounts.mount(overlay(60)), 60);
    check(privateMounts.mount(oneByOne(overlay(60))), 60);
  }

  @Test
  void bindMountsWritableAndNot() throws Exception {
    Path source = Files.createDirectories(directory.resolve("source"));
    try (Fd root =
        mounts.mount(List.of(new Mount("bind", source.toString(), List.of("rbind", "rw"))))) {
      Files.writeString(root.path().resolve("file"), "x");
    }
    try (Fd root =
        mounts.mount(List.of(new Mount("bind", source.toString(), List.of("rbind", "ro"))))) {
      assertEquals("x", Files.readString(root.path().resolve("file")));
      assertThrows(
          FileSystemException.class, () -> Files.writeString(root.path().resolve("other"), "x"));
    }
  }

  @Test
  void whatTheKernelSaysIsInTheMessage() throws Exception {
    Mount broken =
        new Mount(
            "overlay",
            "overlay",
            List.of(
                "lowerdir=" + directory.resolve("absent"),
                "upperdir=" + directory,
                "workdir=" + directory));
    EngineException failure =
        assertThrows(EngineException.class, () -> mounts.mount(List.of(broken)));
    assertEquals("mounting a snapshot failed", failure.getMessage().substring(0, 26));
  }
}
