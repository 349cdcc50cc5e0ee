// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.spec;

import io.gantry.api.runtime.RuntimeSpec.Mount;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What is mounted in every container, and which of the kernel's files are hidden from it. */
final class DefaultMounts {
  static final long SHM_SIZE = 64L << 20;

  static final List<String> MASKED_PATHS =
      List.of(
          "/proc/asound",
          "/proc/acpi",
          "/proc/interrupts",
          "/proc/kcore",
          "/proc/keys",
          "/proc/latency_stats",
          "/proc/timer_list",
          "/proc/timer_stats",
          "/proc/sched_debug",
          "/proc/scsi",
          "/sys/firmware",
          "/sys/devices/virtual/powercap");

  static final List<String> READONLY_PATHS =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private DefaultMounts() {}

  /**
   * @param privileged the kernel's file systems are writable
   * @param taken destinations that the user mounts something else on
   */
  static List<Mount> of(boolean privileged, long shmSize, Set<String> taken) {
    List<Mount> mounts = new ArrayList<>();
    mounts.add(new Mount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")));
    mounts.add(
        new Mount(
            "/dev", "tmpfs", "tmpfs", List.of("nosuid", "strictatime", "mode=755", "size=65536k")));
    mounts.add(
        new Mount(
            "/dev/pts",
            "devpts",
            "devpts",
            List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5")));
    mounts.add(
        new Mount(
            "/sys",
            "sysfs",
            "sysfs",
            privileged
                ? List.of("nosuid", "noexec", "nodev")
                : List.of("nosuid", "noexec", "nodev", "ro")));
    mounts.add(
        new Mount(
            "/sys/fs/cgroup",
            "cgroup",
            "cgroup",
            privileged
                ? List.of("nosuid", "noexec", "nodev")
                : List.of("ro", "nosuid", "noexec", "nodev")));
    mounts.add(new Mount("/dev/mqueue", "mqueue", "mqueue", List.of("nosuid", "noexec", "nodev")));
    mounts.add(
        new Mount(
            "/dev/shm",
            "tmpfs",
            "shm",
            List.of(
                "nosuid",
                "noexec",
                "nodev",
                "mode=1777",
                "size=" + (shmSize == 0 ? SHM_SIZE : shmSize))));
    mounts.removeIf(
        mount ->
            taken.contains(mount.destination())
                || (taken.contains("/dev") && mount.destination().startsWith("/dev/")));
    return mounts;
  }
}
