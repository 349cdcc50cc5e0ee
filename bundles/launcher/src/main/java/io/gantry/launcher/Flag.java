// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.launcher;

import java.util.List;

/**
 * A flag of dockerd's that the engine knows.
 *
 * @param name without the dashes
 * @param shorthand one letter, or null
 * @param key its name in daemon.json, null if it has none there
 * @param list whether it can be given several times
 * @param bool whether it takes no value
 */
record Flag(String name, String shorthand, String key, boolean list, boolean bool, String help) {
  static final List<Flag> ALL =
      List.of(
          new Flag("bip", null, "bip", false, false, "Specify network bridge IP"),
          new Flag("bridge", "b", "bridge", false, false, "Attach containers to a network bridge"),
          new Flag(
              "cgroup-parent",
              null,
              "cgroup-parent",
              false,
              false,
              "Set parent cgroup for all containers"),
          new Flag("config-file", null, null, false, false, "Daemon configuration file"),
          new Flag(
              "data-root", null, "data-root", false, false, "Root directory of persistent state"),
          new Flag("debug", "D", "debug", false, true, "Enable debug mode"),
          new Flag(
              "default-runtime",
              null,
              "default-runtime",
              false,
              false,
              "Default OCI runtime for containers"),
          new Flag("dns", null, "dns", true, false, "DNS server to use"),
          new Flag("dns-opt", null, "dns-opts", true, false, "DNS options to use"),
          new Flag("dns-search", null, "dns-search", true, false, "DNS search domains to use"),
          new Flag(
              "exec-root",
              null,
              "exec-root",
              false,
              false,
              "Root directory for execution state files"),
          new Flag("group", "G", "group", false, false, "Group for the unix socket"),
          new Flag("help", "h", null, false, true, "Print usage"),
          new Flag("host", "H", "hosts", true, false, "Daemon socket(s) to connect to"),
          new Flag("label", null, "labels", true, false, "Set key=value labels to the daemon"),
          new Flag(
              "log-driver", null, "log-driver", false, false, "Default driver for container logs"),
          new Flag(
              "log-level",
              "l",
              "log-level",
              false,
              false,
              "Set the logging level (\"debug\"|\"info\"|\"warn\"|\"error\"|\"fatal\")"),
          new Flag(
              "log-opt",
              null,
              "log-opts",
              true,
              false,
              "Default log driver options for containers"),
          new Flag(
              "shutdown-timeout",
              null,
              "shutdown-timeout",
              false,
              false,
              "Set the default shutdown timeout"),
          new Flag("storage-driver", "s", "storage-driver", false, false, "Storage driver to use"),
          new Flag("version", "v", null, false, true, "Print version information and quit"));
}
