// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.overlay.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.storage.Snapshotter;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import io.gantry.tck.storage.SnapshotterContract;
import io.gantry.tck.storage.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("root")
class OverlaySnapshotterTest extends SnapshotterContract {
  @Override
  protected Snapshotter open(Path directory) throws IOException {
    return new OverlaySnapshotter(directory);
  }

  @Override
  protected void close(Snapshotter snapshotter) {
    ((OverlaySnapshotter) snapshotter).close();
  }

  @Override
  protected Trees trees() {
    return new OverlayTrees();
  }

  @Test
  void layersAreWrittenBeforeTheirParents(@TempDir Path root) throws Exception {
    OverlaySnapshotter driver = new OverlaySnapshotter(root);
    driver.prepare("upper-key", null);
    Path upper = driver.directory("upper-key");
    Files.writeString(upper.resolve("two"), "2");
    whiteout(upper.resolve("one"));
    Files.createDirectory(upper.resolve("d"));
    opaque(upper.resolve("d"));
    driver.prepare("lower-key", null);
    Path lower = driver.directory("lower-key");
    Files.writeString(lower.resolve("one"), "1");
    Files.createDirectory(lower.resolve("d"));
    Files.writeString(lower.resolve("d/hidden"), "1");
    driver.commitOnto("lower", "lower-key", null);
    driver.commitOnto("upper", "upper-key", "lower");
    assertEquals("lower", driver.stat("upper").parent());
    trees()
        .use(
            driver.prepare("top", "upper"),
            tree -> {
              assertTrue(Files.notExists(tree.resolve("one")));
              assertTrue(Files.notExists(tree.resolve("d/hidden")));
              assertEquals("2", Files.readString(tree.resolve("two")));
            });
    for (String key : List.of("top", "upper")) {
      EngineException failure =
          assertThrows(EngineException.class, () -> driver.directory(key), key);
      assertEquals(ErrorKind.INVALID, failure.kind());
    }
    assertThrows(EngineException.class, () -> driver.commitOnto("x", "top", "unknown"));
    driver.close();
  }

  @Test
  void refusesARootThatOptionsOfOverlayCannotSay(@TempDir Path root) {
    for (String name : List.of("a:b", "a,b", "a\\b")) {
      assertThrows(IOException.class, () -> new OverlaySnapshotter(root.resolve(name)), name);
    }
  }

  private static void whiteout(Path file) {
    try (NativeMemory path = NativeMemory.string(file.toString())) {
      Syscalls.call("mknod", Syscall.MKNODAT, -100, path.address(), 0020000, 0, 0, 0);
    }
  }

  private static void opaque(Path directory) {
    try (NativeMemory path = NativeMemory.string(directory.toString());
        NativeMemory name = NativeMemory.string("trusted.overlay.opaque");
        NativeMemory yes = NativeMemory.string("y")) {
      Syscalls.call(
          "setxattr", Syscall.LSETXATTR, path.address(), name.address(), yes.address(), 1, 0, 0);
    }
  }
}
