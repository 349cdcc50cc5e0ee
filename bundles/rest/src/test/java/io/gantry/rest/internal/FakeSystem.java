// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal;

import io.gantry.api.engine.SystemInfo;
import io.gantry.api.runtime.RuntimeFeatures;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

final class FakeSystem implements SystemInfo {
  @Override
  public Version version() {
    return new Version(
        "0.1.0", "abcdef0", Instant.parse("2026-05-07T21:09:36Z"), "6.1.0", "linux", "amd64");
  }

  @Override
  public Info info() {
    return new Info(
        "id",
        "host",
        2,
        1,
        0,
        1,
        1,
        "overlay2",
        new TreeMap<>(Map.of("Backing Filesystem", "extfs")),
        "json-file",
        "cgroupfs",
        "2",
        0,
        "Debian GNU/Linux 12 (bookworm)",
        "12",
        "6.1.0",
        "x86_64",
        2,
        1024,
        "/var/lib/gantry",
        false,
        35,
        44,
        "runc",
        Map.of("runc", new RuntimeFeatures("0.1.0", "abc", "1.2.0", List.of(), Map.of())),
        Map.of(
            "volume", List.of("local"), "network", List.of("bridge"), "log", List.of("json-file")),
        List.of("name=seccomp,profile=default"),
        List.of(),
        Map.of("MemoryLimit", true),
        version());
  }
}
