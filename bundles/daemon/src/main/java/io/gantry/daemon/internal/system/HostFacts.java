// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What the host says of itself, read once. */
public final class HostFacts {
  final String kernelVersion = read("/proc/sys/kernel/osrelease");
  final String hostname = read("/proc/sys/kernel/hostname");
  final String operatingSystem;
  final String osVersion;
  final long memoryBytes = memory();
  final int cpus = Runtime.getRuntime().availableProcessors();
  final String architecture =
      System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
  final Map<String, Boolean> abilities = new HashMap<>();
  private final boolean unified = Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));

  public HostFacts() {
    Map<String, String> release = release();
    operatingSystem = release.getOrDefault("PRETTY_NAME", "Linux");
    osVersion = release.getOrDefault("VERSION_ID", "");
    boolean memory = controller("memory");
    abilities.put("MemoryLimit", memory);
    abilities.put(
        "SwapLimit",
        memory && (unified || exists("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes")));
    abilities.put("KernelMemory", exists("/sys/fs/cgroup/memory/memory.kmem.limit_in_bytes"));
    abilities.put(
        "KernelMemoryTCP", exists("/sys/fs/cgroup/memory/memory.kmem.tcp.limit_in_bytes"));
    abilities.put("OomKillDisable", exists("/sys/fs/cgroup/memory/memory.oom_control"));
    boolean cpu = controller("cpu");
    abilities.put(
        "CpuCfsPeriod", cpu && (unified || exists("/sys/fs/cgroup/cpu/cpu.cfs_period_us")));
    abilities.put("CpuCfsQuota", cpu && (unified || exists("/sys/fs/cgroup/cpu/cpu.cfs_quota_us")));
    abilities.put("CPUShares", cpu);
    abilities.put("CPUSet", controller("cpuset"));
    abilities.put("PidsLimit", controller("pids"));
    abilities.put("IPv4Forwarding", "1".equals(read("/proc/sys/net/ipv4/ip_forward")));
    abilities.put(
        "BridgeNfIptables", "1".equals(read("/proc/sys/net/bridge/bridge-nf-call-iptables")));
    abilities.put(
        "BridgeNfIp6tables", "1".equals(read("/proc/sys/net/bridge/bridge-nf-call-ip6tables")));
  }

  /** Whether the host has cgroup v2 alone. */
  public boolean unifiedCgroups() {
    return unified;
  }

  /** Changes with each boot. */
  public String bootId() {
    return read("/proc/sys/kernel/random/boot_id");
  }

  private boolean controller(String name) {
    return unified
        ? (" " + read("/sys/fs/cgroup/cgroup.controllers") + " ").contains(" " + name + " ")
        : exists("/sys/fs/cgroup/" + name);
  }

  private static boolean exists(String path) {
    return Files.exists(Path.of(path));
  }

  private static String read(String path) {
    try {
      return Files.readString(Path.of(path)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private static Map<String, String> release() {
    Map<String, String> values = new HashMap<>();
    for (String line : read("/etc/os-release").split("\n")) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1).replace("\"", ""));
      }
    }
    return values;
  }

  private static long memory() {
    for (String line : read("/proc/meminfo").split("\n")) {
      if (line.startsWith("MemTotal:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
      }
    }
    return 0;
  }
}
