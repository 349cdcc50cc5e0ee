// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.error.EngineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cgroup hierarchies of the host, as /proc/self/mountinfo has them.
 *
 * @param v1 mount points of the v1 hierarchies by their names as mounted: {@code cpu,cpuacct},
 *     {@code name=systemd}
 * @param unified the mount point of the v2 hierarchy, null if there is none
 */
record CgroupHost(Map<String, Path> v1, Path unified) {
  CgroupHost {
    v1 = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(v1));
  }

  /** Whether controllers are those of the v2 hierarchy; on a hybrid host they are v1's. */
  boolean v2() {
    return v1.isEmpty() && unified != null;
  }

  static CgroupHost read() {
    try {
      return parse(Files.readAllLines(Path.of("/proc/self/mountinfo")));
    } catch (IOException e) {
      throw EngineException.internal("cannot read /proc/self/mountinfo: " + e.getMessage(), e);
    }
  }

  static CgroupHost parse(List<String> mountinfo) {
    Map<String, Path> v1 = new LinkedHashMap<>();
    Path unified = null;
    for (String line : mountinfo) {
      int separator = line.indexOf(" - ");
      String[] left = line.substring(0, separator).split(" ");
      String[] right = line.substring(separator + 3).split(" ");
      if (right[0].equals("cgroup2")) {
        unified = unified == null ? Path.of(left[4]) : unified;
      } else if (right[0].equals("cgroup")) {
        String name = name(right[right.length - 1]);
        if (!name.isEmpty()) {
          v1.putIfAbsent(name, Path.of(left[4]));
        }
      }
    }
    return new CgroupHost(v1, unified);
  }

  private static String name(String superOptions) {
    List<String> controllers = new ArrayList<>();
    for (String option : superOptions.split(",")) {
      if (!List.of("rw", "ro", "xattr", "clone_children", "noprefix").contains(option)
          && !option.startsWith("release_agent=")) {
        controllers.add(option);
      }
    }
    return String.join(",", controllers);
  }

  /** The v1 hierarchy that a controller is in, null if the host has none. */
  Path controller(String controller) {
    for (Map.Entry<String, Path> entry : v1.entrySet()) {
      if (List.of(entry.getKey().split(",")).contains(controller)) {
        return entry.getValue();
      }
    }
    return null;
  }
}
