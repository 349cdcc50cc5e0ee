// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("root")
class HostSnapshotTest {
  private static final Path CGROUP = Path.of("/sys/fs/cgroup/pids/gantry-snapshot-test");

  private NetworkSandbox network;
  private Path root;
  private HostSnapshot.Scope scope;

  @BeforeEach
  void makeScope() throws IOException {
    root = Files.createTempDirectory("gs");
    network = new NetworkSandbox("gantry-snap");
    scope =
        new HostSnapshot.Scope(
            root, network, path -> path.startsWith(CGROUP.toString()), path -> true, pid -> true);
  }

  @AfterEach
  void removeScope() {
    network.close();
    Shell.run("rm", "-rf", root.toString());
  }

  @Test
  void nothingChangedIsNothingLeft() {
    assertEquals(List.of(), HostSnapshot.take(scope).changesTo(HostSnapshot.take(scope)));
  }

  @Test
  void aMountIsSeen() {
    HostSnapshot before = HostSnapshot.take(scope);
    Shell.run("mount", "-t", "tmpfs", "left", root.toString());
    try {
      assertSeen(before, "+ mounts: " + root);
    } finally {
      Shell.run("umount", root.toString());
    }
  }

  @Test
  void aProcessInTheNetworkIsSeen() throws IOException {
    HostSnapshot before = HostSnapshot.take(scope);
    Process process =
        new ProcessBuilder("nsenter", "--net=" + network.path(), "sleep", "60").start();
    try {
      long deadline = System.nanoTime() + 5_000_000_000L;
      while (!changes(before).contains("sleep 60") && System.nanoTime() < deadline) {
        Thread.onSpinWait();
      }
      assertSeen(before, "+ processes: " + process.pid() + " sleep 60");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void linksAndRulesAreSeen() {
    HostSnapshot before = HostSnapshot.take(scope);
    Shell.run("nsenter", "--net=" + network.path(), "ip", "link", "add", "left0", "type", "bridge");
    Shell.run("nsenter", "--net=" + network.path(), "nft", "add", "table", "ip", "left");
    assertSeen(before, "left0");
    assertSeen(before, "+ rules: table ip left");
  }

  @Test
  void filesAndCgroupsAreSeenAndFailATest() throws IOException {
    HostSnapshot before = HostSnapshot.take(scope);
    Path file = Files.writeString(root.resolve("left"), "");
    Files.createDirectory(CGROUP);
    try {
      assertSeen(before, "+ files: " + file);
      assertSeen(before, "+ cgroups: " + CGROUP);
      assertThrows(AssertionError.class, () -> before.assertSameNow(scope));
    } finally {
      Files.delete(CGROUP);
    }
  }

  private void assertSeen(HostSnapshot before, String change) {
    String changes = changes(before);
    assertTrue(changes.contains(change), () -> "not seen: " + change + " in\n" + changes);
  }

  private String changes(HostSnapshot before) {
    return String.join("\n", before.changesTo(HostSnapshot.take(scope)));
  }
}
