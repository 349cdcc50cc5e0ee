// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.runtime;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The OCI runtime specification's {@code config.json} for Linux (version 1.2), as far as the engine
 * uses it. Components keep the names of the specification. Lists and maps are never null; what may
 * be absent is named.
 */
public record RuntimeSpec(
    Process process,
    Root root,
    String hostname,
    String domainname,
    List<Mount> mounts,
    Linux linux) {
  public static final String OCI_VERSION = "1.2.0";

  public RuntimeSpec {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(root, "root");
    Objects.requireNonNull(linux, "linux");
    mounts = List.copyOf(mounts);
  }

  /**
   * The process to run.
   *
   * @param args the program and its arguments; a program without a slash is looked up in the PATH
   *     of {@code env}
   * @param capabilities the bounding, effective and permitted sets; the inheritable and ambient
   *     sets stay empty
   * @param oomScoreAdj null: as the engine's own
   * @param apparmorProfile null for none
   */
  public record Process(
      boolean terminal,
      ConsoleSize consoleSize,
      User user,
      List<String> args,
      List<String> env,
      String cwd,
      Set<String> capabilities,
      List<Rlimit> rlimits,
      boolean noNewPrivileges,
      Integer oomScoreAdj,
      String apparmorProfile) {
    public Process {
      Objects.requireNonNull(user, "user");
      Objects.requireNonNull(cwd, "cwd");
      args = List.copyOf(args);
      env = List.copyOf(env);
      capabilities = Set.copyOf(capabilities);
      rlimits = List.copyOf(rlimits);
    }
  }

  /** Rows and columns of a terminal, in characters. */
  public record ConsoleSize(int height, int width) {}

  /** Numeric ids inside the container. */
  public record User(long uid, long gid, List<Long> additionalGids) {
    public User {
      additionalGids = List.copyOf(additionalGids);
    }
  }

  /** As setrlimit(2); {@code type} as in {@code RLIMIT_NOFILE}, -1 for unlimited. */
  public record Rlimit(String type, long soft, long hard) {}

  /** The root file system. */
  public record Root(String path, boolean readonly) {}

  /**
   * A mount inside the container.
   *
   * @param destination absolute, within the root; resolved there, since the image is hostile
   * @param type the file system type, {@code bind} for a bind mount
   * @param source null for none
   * @param options as the specification has them: {@code ro}, {@code rbind}, {@code rprivate},
   *     {@code mode=755}...
   */
  public record Mount(String destination, String type, String source, List<String> options) {
    public Mount {
      Objects.requireNonNull(destination, "destination");
      options = List.copyOf(options);
    }
  }

  /** What is particular to Linux. {@code seccomp} and {@code rootfsPropagation} may be null. */
  public record Linux(
      List<Namespace> namespaces,
      List<Device> devices,
      Resources resources,
      String cgroupsPath,
      Seccomp seccomp,
      Map<String, String> sysctl,
      List<String> maskedPaths,
      List<String> readonlyPaths,
      String rootfsPropagation) {
    public Linux {
      namespaces = List.copyOf(namespaces);
      devices = List.copyOf(devices);
      Objects.requireNonNull(resources, "resources");
      sysctl = Map.copyOf(sysctl);
      maskedPaths = List.copyOf(maskedPaths);
      readonlyPaths = List.copyOf(readonlyPaths);
    }
  }

  /** Kinds of namespaces. A kind that the spec does not list is shared with the host. */
  public enum NamespaceType {
    PID,
    NETWORK,
    MOUNT,
    IPC,
    UTS,
    USER,
    CGROUP,
    TIME
  }

  /** A namespace: a new one where {@code path} is null, else the one at that path. */
  public record Namespace(NamespaceType type, String path) {
    public Namespace {
      Objects.requireNonNull(type, "type");
    }
  }

  /**
   * A device node. {@code type} is {@code c}, {@code b} or {@code p}; {@code fileMode} the
   * permission bits.
   */
  public record Device(
      String path, String type, long major, long minor, int fileMode, long uid, long gid) {}

  /**
   * Access to devices: {@code access} of {@code r}, {@code w}, {@code m}; null major or minor is
   * any, and so is type {@code a} or null.
   */
  public record DeviceRule(boolean allow, String type, Long major, Long minor, String access) {
    public DeviceRule {
      type = type == null ? "a" : type;
      access = access == null ? "rwm" : access;
    }
  }

  /** Limits. A null component or a null part is not set. */
  public record Resources(List<DeviceRule> devices, Memory memory, Cpu cpu, Long pidsLimit) {
    public Resources {
      devices = List.copyOf(devices);
    }
  }

  /** Bytes; {@code swap} is memory plus swap, -1 for unlimited. */
  public record Memory(Long limit, Long reservation, Long swap) {}

  /** {@code shares} a weight, {@code quota} and {@code period} microseconds. */
  public record Cpu(Long shares, Long quota, Long period, String cpus, String mems) {}

  /** A system call filter, as in the specification; actions and operators by their names there. */
  public record Seccomp(
      String defaultAction,
      Integer defaultErrno,
      List<String> architectures,
      List<SyscallRule> syscalls) {
    public Seccomp {
      Objects.requireNonNull(defaultAction, "defaultAction");
      architectures = List.copyOf(architectures);
      syscalls = List.copyOf(syscalls);
    }
  }

  /** One action for several system calls; all {@code args} must match. */
  public record SyscallRule(
      List<String> names, String action, Integer errno, List<SyscallArgument> args) {
    public SyscallRule {
      names = List.copyOf(names);
      args = List.copyOf(args);
    }
  }

  /**
   * A comparison of one argument; {@code valueTwo} is the second operand of {@code
   * SCMP_CMP_MASKED_EQ}.
   */
  public record SyscallArgument(int index, long value, long valueTwo, String op) {}
}
