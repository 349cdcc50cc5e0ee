// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the kernel killed a process of a cgroup for want of memory: it counts that itself, since
 * Linux 4.13 in both versions of cgroups.
 */
final class OomCounter {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private OomCounter() {}

  /** To be asked while the cgroup is still there. */
  static boolean killed(String cgroupsPath) {
    if (cgroupsPath == null) {
      return false;
    }
    String relative = cgroupsPath.startsWith("/") ? cgroupsPath.substring(1) : cgroupsPath;
    return counted(CGROUPS.resolve("memory").resolve(relative).resolve("memory.oom_control"))
        || counted(CGROUPS.resolve(relative).resolve("memory.events"));
  }

  static boolean counted(Path file) {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII)
          .lines()
          .anyMatch(line -> line.startsWith("oom_kill ") && !line.equals("oom_kill 0"));
    } catch (IOException e) {
      return false; // the other version of cgroups, or the memory controller is off
    }
  }
}
