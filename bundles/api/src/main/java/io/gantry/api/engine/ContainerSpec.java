// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What a container is to be, grouped by what it is about. Lists and maps are never null; other
 * components may be null where their comment says so. Image defaults are merged in when the
 * container is created.
 *
 * @param image the reference or id as the user gave it
 */
public record ContainerSpec(
    String image,
    ProcessOptions process,
    IdentityOptions identity,
    MountOptions mounts,
    NetworkOptions network,
    SecurityOptions security,
    ResourceOptions resources,
    LogOptions log,
    LifecycleOptions lifecycle) {
  public ContainerSpec {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(mounts, "mounts");
    Objects.requireNonNull(network, "network");
    Objects.requireNonNull(security, "security");
    Objects.requireNonNull(resources, "resources");
    Objects.requireNonNull(log, "log");
    Objects.requireNonNull(lifecycle, "lifecycle");
  }

  /**
   * What runs. {@code cmd} and {@code entrypoint} are null for the image's; an empty entrypoint
   * clears the image's.
   */
  public record ProcessOptions(
      List<String> entrypoint,
      List<String> cmd,
      List<String> env,
      String user,
      String workingDir,
      boolean tty,
      boolean openStdin,
      boolean stdinOnce,
      boolean attachStdin,
      boolean attachStdout,
      boolean attachStderr,
      boolean init) {
    public ProcessOptions {
      entrypoint = entrypoint == null ? null : List.copyOf(entrypoint);
      cmd = cmd == null ? null : List.copyOf(cmd);
      env = List.copyOf(env);
    }
  }

  /** Names and labels. {@code hostname} empty: the short id. */
  public record IdentityOptions(
      String hostname,
      String domainname,
      Map<String, String> labels,
      Map<String, String> annotations) {
    public IdentityOptions {
      labels = Map.copyOf(labels);
      annotations = Map.copyOf(annotations);
    }
  }

  /**
   * File systems.
   *
   * @param binds as {@code -v}: {@code source:target[:options]} with a path or a volume's name as
   *     the source
   * @param mounts as {@code --mount}
   * @param tmpfs target to options
   * @param volumes targets of anonymous volumes ({@code -v /data}, an image's VOLUME)
   * @param shmSize bytes of /dev/shm, 0 for 64 MiB
   */
  public record MountOptions(
      List<String> binds,
      List<MountSpec> mounts,
      Map<String, String> tmpfs,
      Set<String> volumes,
      String volumeDriver,
      boolean readonlyRootfs,
      long shmSize) {
    public MountOptions {
      binds = List.copyOf(binds);
      mounts = List.copyOf(mounts);
      tmpfs = Map.copyOf(tmpfs);
      volumes = Set.copyOf(volumes);
    }
  }

  /** {@code mode}: {@code default}, {@code bridge}, {@code none}, {@code host}. */
  public record NetworkOptions(
      String mode,
      List<String> dns,
      List<String> dnsOptions,
      List<String> dnsSearch,
      List<String> extraHosts) {
    public NetworkOptions {
      dns = List.copyOf(dns);
      dnsOptions = List.copyOf(dnsOptions);
      dnsSearch = List.copyOf(dnsSearch);
      extraHosts = List.copyOf(extraHosts);
    }
  }

  /** {@code maskedPaths} and {@code readonlyPaths} are null for the default ones. */
  public record SecurityOptions(
      boolean privileged,
      List<String> capAdd,
      List<String> capDrop,
      List<String> groupAdd,
      List<String> securityOpt,
      List<String> maskedPaths,
      List<String> readonlyPaths,
      Map<String, String> sysctls) {
    public SecurityOptions {
      capAdd = List.copyOf(capAdd);
      capDrop = List.copyOf(capDrop);
      groupAdd = List.copyOf(groupAdd);
      securityOpt = List.copyOf(securityOpt);
      maskedPaths = maskedPaths == null ? null : List.copyOf(maskedPaths);
      readonlyPaths = readonlyPaths == null ? null : List.copyOf(readonlyPaths);
      sysctls = Map.copyOf(sysctls);
    }
  }

  /**
   * Limits; 0 or null is not set. Bytes, and billionths of a CPU. {@code pidsLimit} -1 is
   * unlimited.
   */
  public record ResourceOptions(
      long memory,
      long memorySwap,
      long memoryReservation,
      long nanoCpus,
      long cpuShares,
      long cpuPeriod,
      long cpuQuota,
      String cpusetCpus,
      String cpusetMems,
      Long pidsLimit,
      List<Ulimit> ulimits,
      int oomScoreAdj) {
    public ResourceOptions {
      ulimits = List.copyOf(ulimits);
    }
  }

  /** {@code name} as in {@code nofile}. */
  public record Ulimit(String name, long soft, long hard) {}

  /** {@code driver} empty: the engine's default. */
  public record LogOptions(String driver, Map<String, String> options) {
    public LogOptions {
      options = Map.copyOf(options);
    }
  }

  /**
   * @param restart {@code no}, {@code always}, {@code unless-stopped}, {@code on-failure}
   * @param stopSignal null for the image's or SIGTERM
   * @param stopTimeoutSeconds null for 10
   * @param runtime empty: the engine's default
   */
  public record LifecycleOptions(
      String restart,
      int restartMaximumRetries,
      boolean autoRemove,
      String stopSignal,
      Integer stopTimeoutSeconds,
      String runtime,
      String containerIdFile) {
    public LifecycleOptions {
      Objects.requireNonNull(restart, "restart");
    }
  }
}
