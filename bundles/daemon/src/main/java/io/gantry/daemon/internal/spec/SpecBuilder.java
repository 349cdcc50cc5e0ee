// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerSpec.ProcessOptions;
import io.gantry.api.engine.ExecSpec;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.RuntimeSpec.Linux;
import io.gantry.api.runtime.RuntimeSpec.Mount;
import io.gantry.api.runtime.RuntimeSpec.Namespace;
import io.gantry.api.runtime.RuntimeSpec.NamespaceType;
import io.gantry.api.runtime.RuntimeSpec.Rlimit;
import io.gantry.api.runtime.RuntimeSpec.Root;
import io.gantry.api.runtime.RuntimeSpec.Seccomp;
import io.gantry.api.runtime.RuntimeSpec.User;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes the OCI runtime specification of a container, as Docker would. */
public final class SpecBuilder {
  /** Filled in by the supervisor, who sees the root file system and its users. */
  private static final User TO_BE_RESOLVED = new User(0, 0, List.of());

  private static final String ROOT_TO_BE_RESOLVED = "/";
  private static final String INIT = "/sbin/docker-init";
  private static final Set<String> SHARED = Set.of("shared", "rshared");
  private static final Set<String> SLAVE = Set.of("slave", "rslave");

  private final SeccompProfile seccomp = new SeccompProfile();
  private final String cgroupParent;
  private final boolean unifiedCgroups;
  private final String architecture;

  /**
   * @param unifiedCgroups whether the host has cgroup v2 alone: containers then have a cgroup
   *     namespace
   * @param architecture as the JVM names it
   */
  public SpecBuilder(String cgroupParent, boolean unifiedCgroups, String architecture) {
    this.cgroupParent = cgroupParent;
    this.unifiedCgroups = unifiedCgroups;
    this.architecture = architecture;
  }

  /**
   * @param hostname as the container sees it
   * @param networkNamespace whether it has one of its own
   */
  public RuntimeSpec build(
      ContainerDetails container,
      String hostname,
      boolean networkNamespace,
      ResolvedMounts mounts) {
    ContainerSpec spec = container.spec();
    return new RuntimeSpec(
        process(container, hostname, mounts.initPath() != null),
        new Root(ROOT_TO_BE_RESOLVED, spec.mounts().readonlyRootfs()),
        hostname,
        spec.identity().domainname(),
        mounts(spec, mounts),
        linux(container, networkNamespace, mounts));
  }

  private RuntimeSpec.Process process(ContainerDetails container, String hostname, boolean init) {
    ProcessOptions options = container.spec().process();
    List<String> args = new ArrayList<>();
    if (init) {
      args.addAll(List.of(INIT, "--"));
    }
    args.add(container.path());
    args.addAll(container.args());
    return process(
        container.spec(),
        options.tty(),
        args,
        Environment.of(hostname, options.tty(), options.env()),
        options.workingDir(),
        Capabilities.of(container.spec().security()));
  }

  /** The process of an exec in {@code container}. */
  public RuntimeSpec.Process exec(ContainerDetails container, String hostname, ExecSpec exec) {
    ContainerSpec spec = container.spec();
    List<String> env =
        Environment.replaceOrAppend(
            Environment.of(hostname, exec.tty(), spec.process().env()), exec.env());
    String cwd =
        exec.workingDir() == null || exec.workingDir().isEmpty()
            ? spec.process().workingDir()
            : exec.workingDir();
    return process(
        spec,
        exec.tty(),
        exec.cmd(),
        env,
        cwd,
        exec.privileged() ? new HashSet<>(Capabilities.ALL) : Capabilities.of(spec.security()));
  }

  private static RuntimeSpec.Process process(
      ContainerSpec spec,
      boolean terminal,
      List<String> args,
      List<String> env,
      String workingDir,
      Set<String> capabilities) {
    SecurityOpt security = SecurityOpt.parse(spec.security().securityOpt());
    return new RuntimeSpec.Process(
        terminal,
        null,
        TO_BE_RESOLVED,
        args,
        env,
        workingDir == null || workingDir.isEmpty() ? "/" : workingDir,
        capabilities,
        rlimits(spec),
        security.noNewPrivileges(),
        spec.resources().oomScoreAdj(),
        security.apparmorProfile());
  }

  private static List<Rlimit> rlimits(ContainerSpec spec) {
    return spec.resources().ulimits().stream()
        .map(
            limit ->
                new Rlimit(
                    "RLIMIT_" + limit.name().toUpperCase(Locale.ROOT), limit.soft(), limit.hard()))
        .toList();
  }

  private static List<Mount> mounts(ContainerSpec spec, ResolvedMounts resolved) {
    Set<String> taken = new HashSet<>();
    resolved.user().forEach(mount -> taken.add(mount.destination()));
    boolean readOnly = spec.mounts().readonlyRootfs();
    List<Mount> own = new ArrayList<>();
    if (resolved.initPath() != null) {
      own.add(new Mount(INIT, "bind", resolved.initPath(), List.of("bind", "ro")));
    }
    resolved
        .user()
        .forEach(
            mount ->
                own.add(
                    new Mount(
                        mount.destination(),
                        mount.type(),
                        mount.source() == null ? "tmpfs" : mount.source(),
                        mount.options())));
    addFile(own, "/etc/resolv.conf", resolved.files().resolvConf(), readOnly, taken);
    addFile(own, "/etc/hostname", resolved.files().hostname(), readOnly, taken);
    addFile(own, "/etc/hosts", resolved.files().hosts(), readOnly, taken);
    // What lies deeper is mounted later, else it would be hidden.
    own.sort(Comparator.comparingInt(mount -> depth(mount.destination())));
    List<Mount> all =
        new ArrayList<>(
            DefaultMounts.of(
                spec.security().privileged() && !readOnly, spec.mounts().shmSize(), taken));
    all.addAll(own);
    return all;
  }

  private static void addFile(
      List<Mount> mounts, String destination, String source, boolean readOnly, Set<String> taken) {
    if (!source.isEmpty() && !taken.contains(destination)) {
      mounts.add(
          new Mount(
              destination,
              "bind",
              source,
              readOnly ? List.of("rbind", "ro", "rprivate") : List.of("rbind", "rprivate")));
    }
  }

  private static int depth(String destination) {
    return Path.of(destination).getNameCount();
  }

  private Linux linux(ContainerDetails container, boolean networkNamespace, ResolvedMounts mounts) {
    ContainerSpec spec = container.spec();
    boolean privileged = spec.security().privileged();
    return new Linux(
        namespaces(networkNamespace),
        privileged ? DeviceAccess.ofHost(Path.of("/dev")) : List.of(),
        ResourceLimits.of(
            spec.resources(), privileged ? DeviceAccess.EVERYTHING : DeviceAccess.DEFAULT),
        "/" + cgroupParent + "/" + container.id(),
        seccomp(spec),
        sysctl(spec, networkNamespace),
        privileged
            ? List.of()
            : orDefault(spec.security().maskedPaths(), DefaultMounts.MASKED_PATHS),
        privileged
            ? List.of()
            : orDefault(spec.security().readonlyPaths(), DefaultMounts.READONLY_PATHS),
        rootfsPropagation(mounts));
  }

  private static List<String> orDefault(List<String> paths, List<String> defaults) {
    return paths == null ? defaults : paths;
  }

  private List<Namespace> namespaces(boolean network) {
    List<Namespace> namespaces = new ArrayList<>();
    namespaces.add(new Namespace(NamespaceType.MOUNT, null));
    if (network) {
      namespaces.add(new Namespace(NamespaceType.NETWORK, null));
    }
    namespaces.add(new Namespace(NamespaceType.UTS, null));
    namespaces.add(new Namespace(NamespaceType.PID, null));
    namespaces.add(new Namespace(NamespaceType.IPC, null));
    if (unifiedCgroups) {
      namespaces.add(new Namespace(NamespaceType.CGROUP, null));
    }
    return namespaces;
  }

  private Seccomp seccomp(ContainerSpec spec) {
    if (spec.security().privileged()
        || SecurityOpt.parse(spec.security().securityOpt()).seccompUnconfined()) {
      return null;
    }
    return seccomp.of(architecture, Capabilities.of(spec.security()));
  }

  private static Map<String, String> sysctl(ContainerSpec spec, boolean networkNamespace) {
    Map<String, String> sysctl = new TreeMap<>();
    if (networkNamespace) {
      // Unprivileged users may bind low ports and ping: the namespace is the container's alone.
      sysctl.put("net.ipv4.ip_unprivileged_port_start", "0");
      sysctl.put("net.ipv4.ping_group_range", "0 2147483647");
    }
    sysctl.putAll(spec.security().sysctls());
    return sysctl;
  }

  private static String rootfsPropagation(ResolvedMounts mounts) {
    if (mounts.user().stream()
        .anyMatch(mount -> mount.options().stream().anyMatch(SHARED::contains))) {
      return "shared";
    }
    return mounts.user().stream()
            .anyMatch(mount -> mount.options().stream().anyMatch(SLAVE::contains))
        ? "rslave"
        : null;
  }
}
