// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.ContainerDetails.ContainerFiles;
import io.gantry.api.engine.ExecSpec;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.RuntimeSpec.Cpu;
import io.gantry.api.runtime.RuntimeSpec.DeviceRule;
import io.gantry.api.runtime.RuntimeSpec.Memory;
import io.gantry.api.runtime.RuntimeSpec.Mount;
import io.gantry.api.runtime.RuntimeSpec.Namespace;
import io.gantry.api.runtime.RuntimeSpec.NamespaceType;
import io.gantry.api.runtime.RuntimeSpec.Rlimit;
import io.gantry.daemon.internal.spec.ResolvedMounts.UserMount;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What is expected was read from the {@code config.json} that dockerd 20.10 gave to runc for the
 * same flags. Where later releases differ (masked paths, system call filter), it is as in 28.
 */
class SpecBuilderTest {
  private static final String PATH =
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  private static final ContainerFiles FILES =
      new ContainerFiles("/c/resolv.conf", "/c/hostname", "/c/hosts", "");

  private final SpecBuilder builder = new SpecBuilder("docker", false, "amd64");

  private static ResolvedMounts mounts(UserMount... user) {
    return new ResolvedMounts(List.of(user), FILES, null);
  }

  @Test
  void buildsAPlainContainer() {
    RuntimeSpec spec = builder.build(new SpecContainer().build(), "fa01a3c31f0a", true, mounts());
    assertEquals(List.of("sleep", "1000"), spec.process().args());
    assertEquals(List.of(PATH, "HOSTNAME=fa01a3c31f0a"), spec.process().env());
    assertEquals("/", spec.process().cwd());
    assertEquals(
        Set.of(
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
            "CAP_AUDIT_WRITE"),
        spec.process().capabilities());
    assertEquals(0, spec.process().oomScoreAdj());
    assertFalse(spec.process().noNewPrivileges());
    assertEquals("fa01a3c31f0a", spec.hostname());
    assertFalse(spec.root().readonly());
    assertEquals(
        List.of(
            new Mount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")),
            new Mount(
                "/dev",
                "tmpfs",
                "tmpfs",
                List.of("nosuid", "strictatime", "mode=755", "size=65536k")),
            new Mount(
                "/dev/pts",
                "devpts",
                "devpts",
                List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")),
            new Mount("/sys", "sysfs", "sysfs", List.of("nosuid", "noexec", "nodev", "ro")),
            new Mount(
                "/sys/fs/cgroup", "cgroup", "cgroup", List.of("ro", "nosuid", "noexec", "nodev")),
            new Mount("/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev")),
            new Mount(
                "/dev/shm",
                "tmpfs",
                "shm",
                List.of("nosuid", "noexec", "nodev", "mode=1777", "size=67108864")),
            new Mount("/etc/resolv.conf", "bind", "/c/resolv.conf", List.of("rbind", "rprivate")),
            new Mount("/etc/hostname", "bind", "/c/hostname", List.of("rbind", "rprivate")),
            new Mount("/etc/hosts", "bind", "/c/hosts", List.of("rbind", "rprivate"))),
        spec.mounts());
    assertEquals(
        Map.of(
            "net.ipv4.ip_unprivileged_port_start",
            "0",
            "net.ipv4.ping_group_range",
            "0 2147483647"),
        spec.linux().sysctl());
    assertEquals(
        List.of(
            new DeviceRule(false, null, null, null, "rwm"),
            new DeviceRule(true, "c", 1L, 5L, "rwm"),
            new DeviceRule(true, "c", 1L, 3L, "rwm"),
            new DeviceRule(true, "c", 1L, 9L, "rwm"),
            new DeviceRule(true, "c", 1L, 8L, "rwm"),
            new DeviceRule(true, "c", 5L, 0L, "rwm"),
            new DeviceRule(true, "c", 5L, 1L, "rwm"),
            new DeviceRule(false, "c", 10L, 229L, "rwm")),
        spec.linux().resources().devices());
    assertNull(spec.linux().resources().memory());
    assertNull(spec.linux().resources().cpu());
    assertNull(spec.linux().resources().pidsLimit());
    assertEquals("/docker/" + SpecContainer.ID, spec.linux().cgroupsPath());
    assertEquals(
        List.of(
            NamespaceType.MOUNT,
            NamespaceType.NETWORK,
            NamespaceType.UTS,
            NamespaceType.PID,
            NamespaceType.IPC),
        spec.linux().namespaces().stream().map(Namespace::type).toList());
    assertTrue(spec.linux().maskedPaths().contains("/proc/kcore"));
    assertEquals(
        List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"),
        spec.linux().readonlyPaths());
    assertNull(spec.linux().rootfsPropagation());
  }

  @Test
  void buildsAContainerWithManyFlags() {
    SpecContainer container = new SpecContainer();
    container.env = List.of("A=b");
    container.workingDir = "/w";
    container.tty = true;
    container.memory = 64L << 20;
    container.memoryReservation = 32L << 20;
    container.nanoCpus = 1_500_000_000L;
    container.cpuShares = 512;
    container.cpusetCpus = "0";
    container.pidsLimit = 100L;
    container.ulimits = List.of(new io.gantry.api.engine.ContainerSpec.Ulimit("nofile", 100, 200));
    container.shmSize = 32L << 20;
    container.readonlyRootfs = true;
    container.capAdd = List.of("NET_ADMIN");
    container.capDrop = List.of("cap_chown");
    container.oomScoreAdj = 10;
    RuntimeSpec spec =
        builder.build(
            container.build(),
            "hh",
            true,
            new ResolvedMounts(
                List.of(
                    new UserMount("bind", "/volumes/vol1/_data", "/vv", List.of("rbind")),
                    new UserMount("bind", "/tmp/dd", "/dd", List.of("rbind", "ro", "rprivate")),
                    new UserMount("tmpfs", null, "/tt", TmpfsOptions.merge("size=1m"))),
                FILES,
                "/usr/bin/docker-init"));
    assertEquals(List.of("/sbin/docker-init", "--", "sleep", "1000"), spec.process().args());
    assertEquals(List.of(PATH, "HOSTNAME=hh", "TERM=xterm", "A=b"), spec.process().env());
    assertEquals("/w", spec.process().cwd());
    assertTrue(spec.process().terminal());
    assertTrue(spec.process().capabilities().contains("CAP_NET_ADMIN"));
    assertFalse(spec.process().capabilities().contains("CAP_CHOWN"));
    assertEquals(14, spec.process().capabilities().size());
    assertEquals(List.of(new Rlimit("RLIMIT_NOFILE", 100, 200)), spec.process().rlimits());
    assertEquals(10, spec.process().oomScoreAdj());
    assertTrue(spec.root().readonly());
    assertEquals(new Memory(67108864L, 33554432L, 134217728L), spec.linux().resources().memory());
    assertEquals(new Cpu(512L, 150000L, 100000L, "0", null), spec.linux().resources().cpu());
    assertEquals(100L, spec.linux().resources().pidsLimit());
    assertEquals(
        List.of(
            new Mount("/sbin/docker-init", "bind", "/usr/bin/docker-init", List.of("bind", "ro")),
            new Mount(
                "/etc/resolv.conf", "bind", "/c/resolv.conf", List.of("rbind", "ro", "rprivate")),
            new Mount("/etc/hostname", "bind", "/c/hostname", List.of("rbind", "ro", "rprivate")),
            new Mount("/etc/hosts", "bind", "/c/hosts", List.of("rbind", "ro", "rprivate"))),
        spec.mounts().stream().filter(m -> m.destination().matches("/(sbin|etc)/.*")).toList());
    assertEquals(
        new Mount(
            "/tt", "tmpfs", "tmpfs", List.of("noexec", "nosuid", "nodev", "rprivate", "size=1m")),
        mountAt(spec, "/tt"));
    assertTrue(mountAt(spec, "/dev/shm").options().contains("size=33554432"));
  }

  private static Mount mountAt(RuntimeSpec spec, String destination) {
    List<Mount> there =
        spec.mounts().stream().filter(m -> m.destination().equals(destination)).toList();
    assertEquals(1, there.size(), destination);
    return there.get(0);
  }

  @Test
  void sharesTheHostsNetwork() {
    SpecContainer container = new SpecContainer();
    container.memory = 32L << 20;
    container.memorySwap = -1;
    container.cpuQuota = 5000;
    container.cpuPeriod = 10000;
    container.sysctls = Map.of("kernel.msgmax", "1000");
    RuntimeSpec spec = builder.build(container.build(), "vm", false, mounts());
    assertFalse(
        spec.linux().namespaces().stream().anyMatch(n -> n.type() == NamespaceType.NETWORK));
    assertEquals(Map.of("kernel.msgmax", "1000"), spec.linux().sysctl());
    assertEquals(new Memory(33554432L, null, null), spec.linux().resources().memory());
    assertEquals(new Cpu(null, 5000L, 10000L, null, null), spec.linux().resources().cpu());
  }

  @Test
  void liftsRestrictionsWhereAsked() {
    SpecContainer container = new SpecContainer();
    container.pidsLimit = -1L;
    container.securityOpt = List.of("no-new-privileges", "seccomp=unconfined");
    RuntimeSpec spec = builder.build(container.build(), "h", true, mounts());
    assertTrue(spec.process().noNewPrivileges());
    assertNull(spec.linux().seccomp());
    assertNull(spec.linux().resources().pidsLimit());
  }

  @Test
  void hidesNothingFromAPrivilegedContainer() {
    SpecContainer container = new SpecContainer();
    container.privileged = true;
    RuntimeSpec spec = builder.build(container.build(), "h", true, mounts());
    assertEquals(Set.copyOf(Capabilities.ALL), spec.process().capabilities());
    assertEquals(List.of(), spec.linux().maskedPaths());
    assertEquals(List.of(), spec.linux().readonlyPaths());
    assertNull(spec.linux().seccomp());
    assertEquals(
        List.of(new DeviceRule(true, null, null, null, "rwm")), spec.linux().resources().devices());
    assertFalse(mountAt(spec, "/sys").options().contains("ro"));
    assertFalse(mountAt(spec, "/sys/fs/cgroup").options().contains("ro"));
    assertTrue(spec.linux().devices().stream().anyMatch(d -> d.path().equals("/dev/null")));
  }

  @Test
  void givesACgroupNamespaceOnAUnifiedHierarchy() {
    RuntimeSpec spec =
        new SpecBuilder("docker", true, "amd64")
            .build(new SpecContainer().build(), "h", true, mounts());
    assertTrue(spec.linux().namespaces().stream().anyMatch(n -> n.type() == NamespaceType.CGROUP));
  }

  @Test
  void aMountOfTheUsersTakesTheDefaultOnesPlace() {
    RuntimeSpec spec =
        builder.build(
            new SpecContainer().build(),
            "h",
            true,
            mounts(
                new UserMount("bind", "/x", "/etc/hosts", List.of("rbind", "rprivate")),
                new UserMount("bind", "/d", "/dev", List.of("rbind", "rprivate"))));
    assertEquals("/x", mountAt(spec, "/etc/hosts").source());
    assertEquals("/d", mountAt(spec, "/dev").source());
    assertTrue(spec.mounts().stream().noneMatch(m -> m.destination().startsWith("/dev/")));
  }

  @Test
  void mountsWhatLiesDeeperLater() {
    RuntimeSpec spec =
        builder.build(
            new SpecContainer().build(),
            "h",
            true,
            mounts(
                new UserMount("bind", "/2", "/a/b/c", List.of("rbind", "rprivate")),
                new UserMount("bind", "/1", "/a", List.of("rbind", "rprivate"))));
    List<String> order = spec.mounts().stream().map(Mount::destination).toList();
    assertTrue(order.indexOf("/a") < order.indexOf("/a/b/c"), order.toString());
  }

  @Test
  void propagatesTheRootWhereAMountIsShared() {
    assertEquals(
        "shared",
        builder
            .build(
                new SpecContainer().build(),
                "h",
                true,
                mounts(new UserMount("bind", "/x", "/x", List.of("rbind", "rshared"))))
            .linux()
            .rootfsPropagation());
    assertEquals(
        "rslave",
        builder
            .build(
                new SpecContainer().build(),
                "h",
                true,
                mounts(new UserMount("bind", "/x", "/x", List.of("rbind", "rslave"))))
            .linux()
            .rootfsPropagation());
  }

  @Test
  void anExecHasTheContainersEnvironmentAndItsOwn() {
    SpecContainer container = new SpecContainer();
    container.env = List.of("A=1", "B=2", "PATH=/mine");
    container.workingDir = "/w";
    ExecSpec exec =
        new ExecSpec(
            List.of("env"), List.of("B=3", "C"), null, null, true, false, true, true, true, null);
    RuntimeSpec.Process process = builder.exec(container.build(), "hh", exec);
    assertEquals(List.of("PATH=/mine", "HOSTNAME=hh", "TERM=xterm", "A=1", "B=3"), process.env());
    assertEquals("/w", process.cwd());
    assertEquals(Set.copyOf(Capabilities.ALL), process.capabilities());
    assertEquals(List.of("env"), process.args());
  }
}
