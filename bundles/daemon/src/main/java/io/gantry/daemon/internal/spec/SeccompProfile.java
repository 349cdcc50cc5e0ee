// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import io.gantry.api.runtime.RuntimeSpec.Seccomp;
import io.gantry.api.runtime.RuntimeSpec.SyscallArgument;
import io.gantry.api.runtime.RuntimeSpec.SyscallRule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Docker's default profile as of version 28, read from {@code seccomp-default.txt}: what is not
 * allowed fails with EPERM. io_uring is not allowed: its operations pass by every filter.
 */
final class SeccompProfile {
  private static final String ALLOW = "SCMP_ACT_ALLOW";
  private static final String ERRNO = "SCMP_ACT_ERRNO";
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;

  /** CLONE_NEW* of mount, UTS, IPC, user, pid, network and cgroup namespaces. */
  private static final long NEW_NAMESPACES = 0x7E020000L;

  /** PER_LINUX, PER_LINUX32, UNAME26, both, and the query of the present one. */
  private static final List<Long> PERSONALITIES =
      List.of(0x0L, 0x8L, 0x20000L, 0x20008L, 0xffffffffL);

  private static final int AF_VSOCK = 40;

  /** One line of the file: the condition under which the names are allowed. */
  private record Group(String condition, List<String> names) {
    boolean applies(String architecture, Set<String> capabilities) {
      if (condition.equals("always")) {
        return true;
      }
      return condition.startsWith("CAP_")
          ? capabilities.contains(condition)
          : List.of(condition.split(",", -1)).contains(architecture);
    }
  }

  private final List<Group> groups;

  SeccompProfile() {
    groups = read();
  }

  private static List<Group> read() {
    try (InputStream stream =
            SeccompProfile.class.getResourceAsStream("/io/gantry/daemon/seccomp-default.txt");
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
      List<Group> groups = new ArrayList<>();
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        int colon = line.indexOf(':');
        if (colon > 0 && !line.startsWith("#")) {
          List<String> names = List.of(line.substring(colon + 1).trim().split(" +"));
          groups.add(new Group(line.substring(0, colon), names));
        }
      }
      return List.copyOf(groups);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param architecture as the JVM names it
   */
  Seccomp of(String architecture, Set<String> capabilities) {
    List<SyscallRule> rules = new ArrayList<>();
    for (Group group : groups) {
      if (group.applies(architecture, capabilities)) {
        rules.add(new SyscallRule(group.names(), ALLOW, null, List.of()));
      }
    }
    rules.add(allowIf("socket", new SyscallArgument(0, AF_VSOCK, 0, "SCMP_CMP_NE")));
    for (long personality : PERSONALITIES) {
      rules.add(allowIf("personality", new SyscallArgument(0, personality, 0, "SCMP_CMP_EQ")));
    }
    if (!capabilities.contains("CAP_SYS_ADMIN")) {
      rules.add(allowIf("clone", new SyscallArgument(0, NEW_NAMESPACES, 0, "SCMP_CMP_MASKED_EQ")));
      // Its flags are behind a pointer: C libraries fall back to clone on ENOSYS.
      rules.add(new SyscallRule(List.of("clone3"), ERRNO, ENOSYS, List.of()));
    }
    return new Seccomp(ERRNO, EPERM, architectures(architecture), rules);
  }

  private static SyscallRule allowIf(String name, SyscallArgument argument) {
    return new SyscallRule(List.of(name), ALLOW, null, List.of(argument));
  }

  private static List<String> architectures(String architecture) {
    return switch (architecture) {
      case "amd64" -> List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
      case "aarch64" -> List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
      default -> List.of();
    };
  }
}
