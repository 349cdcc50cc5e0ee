// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.harness;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A network namespace for one engine, so that its bridge, addresses and rules meet nobody else's.
 * The namespace outlives the engine, as a host's does: an engine that was killed finds its network
 * again.
 */
public final class NetworkSandbox implements AutoCloseable {
  private final String name;

  /** Makes the namespace anew; {@code name} must be short, it is also seen in {@code ip netns}. */
  public NetworkSandbox(String name) {
    // Runs beside each other on one machine must not take each other's.
    this.name = name + "-" + ProcessHandle.current().pid();
    if (Files.exists(path())) {
      close();
    }
    Shell.run("ip", "netns", "add", this.name);
    Shell.run(
        "nsenter",
        "--net=" + path(),
        "sh",
        "-c",
        // An address to route to: engines copy the host's way out, and this host has none.
        "ip link set lo up; ip addr add 198.18.255.1/32 dev lo;"
            + " echo 1 > /proc/sys/net/ipv4/ip_forward");
  }

  /** The file that {@code nsenter --net=} takes. */
  public Path path() {
    return Path.of("/run/netns", name);
  }

  @Override
  public void close() {
    Shell.run("ip", "netns", "del", name);
  }
}
