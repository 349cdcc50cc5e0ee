// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.directory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.storage.SnapshotKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What crashes leave, and what the next start makes of it. */
class SnapshotFilesTest {
  @TempDir Path root;

  @Test
  void aDirectoryWithoutANameIsThrownAway() throws Exception {
    String id;
    try (SnapshotFiles files = new SnapshotFiles(root)) {
      id = files.allocate();
      Files.writeString(root.resolve("s").resolve(id).resolve("file"), "content");
    }
    try (SnapshotFiles files = new SnapshotFiles(root)) {
      assertEquals(Set.of(), files.all().keySet());
      awaitEmpty(root.resolve("trash"));
      assertTrue(Files.notExists(root.resolve("s").resolve(id)));
    }
  }

  @Test
  void ofACommitThatWasCutOffTheCommittedNameStands() throws Exception {
    try (SnapshotFiles files = new SnapshotFiles(root)) {
      String id = files.allocate();
      SnapshotRecord active = record(SnapshotKind.ACTIVE, id);
      files.put("key", active);
      files.put("name", record(SnapshotKind.COMMITTED, id));
    }
    try (SnapshotFiles files = new SnapshotFiles(root)) {
      assertEquals(Set.of("name"), files.all().keySet());
      assertTrue(Files.isDirectory(files.directory(files.get("name"))));
    }
  }

  @Test
  void ofARemovalThatWasCutOffNothingStays() throws Exception {
    try (SnapshotFiles files = new SnapshotFiles(root)) {
      files.put("key", record(SnapshotKind.ACTIVE, files.allocate()));
    }
    Files.delete(root.resolve("names/key"));
    Path half = Files.createDirectories(root.resolve("trash/half/deleted"));
    Files.writeString(half.resolve("file"), "content");
    try (SnapshotFiles files = new SnapshotFiles(root)) {
      assertEquals(Set.of(), files.all().keySet());
      awaitEmpty(root.resolve("trash"));
      awaitEmpty(root.resolve("s"));
    }
  }

  @Test
  void aFileThatThePowerCutEmptiedIsNoSnapshot() throws Exception {
    try (SnapshotFiles files = new SnapshotFiles(root)) {
      files.put("whole", record(SnapshotKind.COMMITTED, files.allocate()));
    }
    Files.writeString(root.resolve("names/empty"), "");
    Files.writeString(root.resolve("names/half"), "ACTIVE\nabc\n\n2026-");
    Files.writeString(root.resolve("names/.whole"), "ACTIVE\nabc");
    try (SnapshotFiles files = new SnapshotFiles(root)) {
      assertEquals(Set.of("whole"), files.all().keySet());
    }
    try (var names = Files.list(root.resolve("names"))) {
      assertEquals(1, names.count());
    }
  }

  @Test
  void anyNameComesBackAsItWas() {
    for (String name : List.of("a", ".", "..", "../x", ".tmp", "x.tmp", "%2F", "é/ü", "sha256:0")) {
      assertEquals(name, SnapshotNames.decode(SnapshotNames.encode(name)));
      assertTrue(SnapshotNames.encode(name).matches("[a-zA-Z0-9:_%-][a-zA-Z0-9:_%.-]*"), name);
    }
    assertThrows(EngineException.class, () -> SnapshotNames.encode(""));
    assertThrows(EngineException.class, () -> SnapshotNames.encode("x".repeat(251)));
  }

  private static SnapshotRecord record(SnapshotKind kind, String id) {
    return new SnapshotRecord(kind, id, null, Instant.EPOCH);
  }

  private static void awaitEmpty(Path directory) throws IOException, InterruptedException {
    for (int i = 0; i < 500; i++) {
      try (var entries = Files.list(directory)) {
        if (entries.findAny().isEmpty()) {
          return;
        }
      }
      Thread.sleep(10);
    }
    throw new AssertionError(directory + " is not empty");
  }
}
