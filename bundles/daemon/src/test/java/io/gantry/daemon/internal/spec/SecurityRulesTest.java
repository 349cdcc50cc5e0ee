// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.ContainerSpec.SecurityOptions;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.runtime.RuntimeSpec.Seccomp;
import io.gantry.api.runtime.RuntimeSpec.SyscallRule;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecurityRulesTest {
  private static SecurityOptions capabilities(List<String> add, List<String> drop) {
    return new SecurityOptions(false, add, drop, List.of(), List.of(), null, null, Map.of());
  }

  private static Seccomp profile(String architecture, Set<String> capabilities) {
    return new SeccompProfile().of(architecture, capabilities);
  }

  private static Set<String> allowed(Seccomp profile) {
    Set<String> names = new HashSet<>();
    for (SyscallRule rule : profile.syscalls()) {
      if (rule.action().equals("SCMP_ACT_ALLOW") && rule.args().isEmpty()) {
        names.addAll(rule.names());
      }
    }
    return names;
  }

  @Test
  void addsAndDropsCapabilities() {
    assertEquals(
        Set.of("CAP_SYS_ADMIN"),
        Capabilities.of(capabilities(List.of("SYS_ADMIN"), List.of("ALL"))));
    Set<String> allButOne = new HashSet<>(Capabilities.ALL);
    allButOne.remove("CAP_MKNOD");
    assertEquals(allButOne, Capabilities.of(capabilities(List.of("all"), List.of("mknod"))));
    assertEquals(
        Set.copyOf(Capabilities.DEFAULT),
        Capabilities.of(capabilities(List.of("CHOWN"), List.of())));
  }

  @Test
  void refusesUnknownCapabilitiesWithDockersText() {
    EngineException add =
        assertThrows(
            EngineException.class,
            () -> Capabilities.check(capabilities(List.of("FOO"), List.of())));
    assertEquals("invalid CapAdd: unknown capability: \"CAP_FOO\"", add.getMessage());
    EngineException drop =
        assertThrows(
            EngineException.class,
            () -> Capabilities.check(capabilities(List.of(), List.of("foo"))));
    assertEquals("invalid CapDrop: unknown capability: \"CAP_FOO\"", drop.getMessage());
  }

  @Test
  void theFilterDeniesWhatIsDangerousByDefault() {
    Seccomp profile = profile("amd64", Set.copyOf(Capabilities.DEFAULT));
    assertEquals("SCMP_ACT_ERRNO", profile.defaultAction());
    assertEquals(1, profile.defaultErrno());
    Set<String> allowed = allowed(profile);
    for (String denied :
        List.of(
            "io_uring_setup",
            "io_uring_enter",
            "io_uring_register",
            "mount",
            "bpf",
            "unshare",
            "setns",
            "keyctl",
            "add_key",
            "userfaultfd",
            "kexec_load",
            "reboot",
            "clone",
            "clone3",
            "open_by_handle_at",
            "perf_event_open",
            "init_module",
            "socket",
            "personality")) {
      assertFalse(allowed.contains(denied), denied);
    }
    for (String needed :
        List.of("execve", "openat2", "arch_prctl", "modify_ldt", "chroot", "ptrace", "statx")) {
      assertTrue(allowed.contains(needed), needed);
    }
  }

  @Test
  void theFilterLooksAtArguments() {
    Seccomp profile = profile("amd64", Set.copyOf(Capabilities.DEFAULT));
    SyscallRule clone =
        profile.syscalls().stream()
            .filter(rule -> rule.names().equals(List.of("clone")))
            .findAny()
            .orElseThrow();
    assertEquals(0x7E020000L, clone.args().get(0).value());
    assertEquals("SCMP_CMP_MASKED_EQ", clone.args().get(0).op());
    SyscallRule clone3 =
        profile.syscalls().stream()
            .filter(rule -> rule.names().equals(List.of("clone3")))
            .findAny()
            .orElseThrow();
    assertEquals("SCMP_ACT_ERRNO", clone3.action());
    assertEquals(38, clone3.errno());
    SyscallRule socket =
        profile.syscalls().stream()
            .filter(rule -> rule.names().equals(List.of("socket")))
            .findAny()
            .orElseThrow();
    assertEquals(40, socket.args().get(0).value());
    assertEquals("SCMP_CMP_NE", socket.args().get(0).op());
  }

  @Test
  void aCapabilityOpensTheCallsThatNeedIt() {
    Seccomp profile = profile("amd64", Set.of("CAP_SYS_ADMIN", "CAP_SYS_TIME"));
    Set<String> allowed = allowed(profile);
    assertTrue(allowed.containsAll(Set.of("mount", "clone", "clone3", "unshare", "clock_settime")));
    assertFalse(allowed.contains("reboot"));
    assertFalse(allowed.contains("chroot"));
  }

  @Test
  void theFilterKnowsTheArchitectures() {
    assertEquals(
        List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"),
        profile("amd64", Set.of()).architectures());
    Seccomp arm = profile("aarch64", Set.of());
    assertEquals(List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"), arm.architectures());
    assertTrue(allowed(arm).contains("cacheflush"));
    assertFalse(allowed(arm).contains("arch_prctl"));
  }

  @Test
  void readsSecurityOptions() {
    assertEquals(
        new SecurityOpt(true, true, null),
        SecurityOpt.parse(List.of("no-new-privileges:true", "seccomp=unconfined")));
    assertEquals(
        new SecurityOpt(false, false, "mine"),
        SecurityOpt.parse(List.of("no-new-privileges=false", "apparmor=mine", "label=disable")));
    assertEquals(
        ErrorKind.INVALID,
        assertThrows(EngineException.class, () -> SecurityOpt.parse(List.of("foo=1"))).kind());
    assertEquals(
        ErrorKind.UNSUPPORTED,
        assertThrows(EngineException.class, () -> SecurityOpt.parse(List.of("seccomp={}"))).kind());
  }

  @Test
  void mergesTmpfsOptions() {
    assertEquals(List.of("noexec", "nosuid", "nodev", "rprivate"), TmpfsOptions.merge(""));
    assertEquals(
        List.of("nosuid", "nodev", "rprivate", "exec", "mode=700", "size=2m"),
        TmpfsOptions.merge("exec,size=1m,mode=700,size=2m"));
    assertEquals(
        "invalid tmpfs option [\"foo\"]",
        assertThrows(EngineException.class, () -> TmpfsOptions.merge("foo")).getMessage());
  }

  @Test
  void splitsDeviceNumbersAsGlibcDoes() {
    assertEquals(1, DeviceAccess.major(0x103));
    assertEquals(3, DeviceAccess.minor(0x103));
    assertEquals(259, DeviceAccess.major(0x10305L | 0x12300000L));
    assertEquals(0x12305, DeviceAccess.minor(0x10305L | 0x12300000L));
  }
}
