// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A case with a container on the real kernel, after which nothing is left of it. */
@Tag("root")
abstract class KernelTest {
  @TempDir Path directory;

  final RuncRuntime runtime = new RuncRuntime();
  TestContainer container;
  private Set<String> before;

  @BeforeEach
  void prepare() throws IOException {
    container = new TestContainer(directory);
    before = descriptors();
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertFalse(Files.exists(directory.resolve("bundle")), "the bundle is removed");
    Path cgroup =
        CgroupHost.read().v1().values().stream().findFirst().orElse(CgroupHost.read().unified());
    assertFalse(
        Files.exists(cgroup.resolve("gantry-test").resolve(container.id)), "the cgroup is removed");
    assertEquals(before, descriptors(), "no descriptor is left open");
    assertTrue(
        Files.readString(Path.of("/proc/thread-self/children")).isBlank(), "no child is left");
  }

  @AfterAll
  static void removeParentCgroups() {
    TestContainer.removeParentCgroups();
  }

  private static Set<String> descriptors() throws IOException {
    try (var fds = Files.list(Path.of("/proc/self/fd"))) {
      return fds.map(
              fd -> {
                try {
                  return fd.getFileName() + " " + Files.readSymbolicLink(fd);
                } catch (IOException e) {
                  return ""; // the descriptor of this very listing
                }
              })
          .filter(
              line ->
                  line.contains("pipe:") || line.contains("anon_inode") || line.contains("memfd"))
          .collect(Collectors.toSet());
    }
  }
}
