// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import io.gantry.api.engine.ContainerSpec.SecurityOptions;
import io.gantry.api.error.EngineException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Capabilities: those that a container has by default, and what --cap-add and --cap-drop make of
 * them.
 */
public final class Capabilities {
  private static final String ALL_NAME = "ALL";
  private static final String PREFIX = "CAP_";

  /** Up to CAP_CHECKPOINT_RESTORE, Linux 5.9. */
  static final List<String> ALL =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_DAC_READ_SEARCH",
          "CAP_FOWNER",
          "CAP_FSETID",
          "CAP_KILL",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETPCAP",
          "CAP_LINUX_IMMUTABLE",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_BROADCAST",
          "CAP_NET_ADMIN",
          "CAP_NET_RAW",
          "CAP_IPC_LOCK",
          "CAP_IPC_OWNER",
          "CAP_SYS_MODULE",
          "CAP_SYS_RAWIO",
          "CAP_SYS_CHROOT",
          "CAP_SYS_PTRACE",
          "CAP_SYS_PACCT",
          "CAP_SYS_ADMIN",
          "CAP_SYS_BOOT",
          "CAP_SYS_NICE",
          "CAP_SYS_RESOURCE",
          "CAP_SYS_TIME",
          "CAP_SYS_TTY_CONFIG",
          "CAP_MKNOD",
          "CAP_LEASE",
          "CAP_AUDIT_WRITE",
          "CAP_AUDIT_CONTROL",
          "CAP_SETFCAP",
          "CAP_MAC_OVERRIDE",
          "CAP_MAC_ADMIN",
          "CAP_SYSLOG",
          "CAP_WAKE_ALARM",
          "CAP_BLOCK_SUSPEND",
          "CAP_AUDIT_READ",
          "CAP_PERFMON",
          "CAP_BPF",
          "CAP_CHECKPOINT_RESTORE");

  static final List<String> DEFAULT =
      List.of(
          "CAP_CHOWN",
          "CAP_DAC_OVERRIDE",
          "CAP_FSETID",
          "CAP_FOWNER",
          "CAP_MKNOD",
          "CAP_NET_RAW",
          "CAP_SETGID",
          "CAP_SETUID",
          "CAP_SETFCAP",
          "CAP_SETPCAP",
          "CAP_NET_BIND_SERVICE",
          "CAP_SYS_CHROOT",
          "CAP_KILL",
          "CAP_AUDIT_WRITE");

  private Capabilities() {}

  /**
   * @throws EngineException INVALID for a name that is none
   */
  public static void check(SecurityOptions security) {
    normalize("CapAdd", security.capAdd());
    normalize("CapDrop", security.capDrop());
  }

  static Set<String> of(SecurityOptions security) {
    if (security.privileged()) {
      return new LinkedHashSet<>(ALL);
    }
    Set<String> add = normalize("CapAdd", security.capAdd());
    Set<String> drop = normalize("CapDrop", security.capDrop());
    if (add.contains(ALL_NAME)) {
      Set<String> all = new LinkedHashSet<>(ALL);
      all.removeAll(drop);
      return all;
    }
    Set<String> result = new LinkedHashSet<>();
    if (!drop.contains(ALL_NAME)) {
      result.addAll(DEFAULT);
      result.removeAll(drop);
    }
    result.addAll(add);
    return result;
  }

  private static Set<String> normalize(String field, List<String> names) {
    Set<String> result = new LinkedHashSet<>();
    for (String name : names) {
      String upper = name.toUpperCase(Locale.ROOT);
      if (upper.equals(ALL_NAME)) {
        result.add(ALL_NAME);
        continue;
      }
      String full = upper.startsWith(PREFIX) ? upper : PREFIX + upper;
      if (!ALL.contains(full)) {
        throw EngineException.invalid(
            "invalid " + field + ": unknown capability: \"" + full + "\"");
      }
      result.add(full);
    }
    return result;
  }
}
