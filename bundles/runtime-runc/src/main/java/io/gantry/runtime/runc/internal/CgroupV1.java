// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Cgroups of version 1: a hierarchy for each controller or group of them. */
final class CgroupV1 extends Cgroup {
  private static final long SIGKILL = 9;

  private final CgroupHost host;
  private final String path;
  private final List<Path> directories;

  CgroupV1(CgroupHost host, String path) {
    this.host = host;
    this.path = path;
    this.directories =
        host.v1().values().stream().map(hierarchy -> hierarchy.resolve(path)).toList();
  }

  @Override
  List<Path> directories() {
    return directories;
  }

  /** One thread that moves itself skips the global lock that {@code cgroup.procs} takes. */
  @Override
  String entranceFile() {
    return "tasks";
  }

  @Override
  void create(RuntimeSpec.Resources resources) {
    for (Path directory : directories) {
      makeDirectories(directory);
    }
    Path cpuset = host.controller("cpuset");
    if (cpuset != null) {
      inheritCpuset(cpuset, cpuset.resolve(path));
    }
    if (resources.memory() != null) {
      memory(resources.memory());
    }
    if (resources.cpu() != null) {
      cpu(resources.cpu());
    }
    if (resources.pidsLimit() != null) {
      long limit = resources.pidsLimit();
      set("pids", "pids.max", limit <= 0 ? "max" : Long.toString(limit));
    }
    for (RuntimeSpec.DeviceRule rule : resources.devices()) {
      set("devices", rule.allow() ? "devices.allow" : "devices.deny", rule(rule));
    }
  }

  private void memory(RuntimeSpec.Memory memory) {
    if (memory.limit() != null) {
      set("memory", "memory.limit_in_bytes", memory.limit());
    }
    if (memory.swap() != null) {
      Path directory = host.controller("memory");
      // without swap accounting the file is missing; dockerd warns and goes on
      if (directory != null
          && Files.exists(directory.resolve(path).resolve("memory.memsw.limit_in_bytes"))) {
        set("memory", "memory.memsw.limit_in_bytes", memory.swap());
      }
    }
    if (memory.reservation() != null) {
      set("memory", "memory.soft_limit_in_bytes", memory.reservation());
    }
  }

  private void cpu(RuntimeSpec.Cpu cpu) {
    if (cpu.shares() != null) {
      set("cpu", "cpu.shares", cpu.shares());
    }
    if (cpu.period() != null) {
      set("cpu", "cpu.cfs_period_us", cpu.period());
    }
    if (cpu.quota() != null) {
      set("cpu", "cpu.cfs_quota_us", cpu.quota());
    }
    if (cpu.cpus() != null) {
      set("cpuset", "cpuset.cpus", cpu.cpus());
    }
    if (cpu.mems() != null) {
      set("cpuset", "cpuset.mems", cpu.mems());
    }
  }

  private void set(String controller, String file, Object value) {
    Path hierarchy = host.controller(controller);
    if (hierarchy == null) {
      throw io.gantry.api.error.EngineException.invalid(
          "this host has no cgroup controller \""
              + controller
              + "\", so "
              + file
              + " cannot be set");
    }
    write(hierarchy.resolve(path).resolve(file), value.toString());
  }

  private static String rule(RuntimeSpec.DeviceRule rule) {
    if (rule.type().equals("a")) {
      return "a";
    }
    return rule.type()
        + " "
        + number(rule.major())
        + ":"
        + number(rule.minor())
        + " "
        + rule.access();
  }

  private static String number(Long number) {
    return number == null || number < 0 ? "*" : number.toString();
  }

  /**
   * A new cpuset has no processors and takes no process until it is given some: the parent's, all
   * the way down.
   */
  private static void inheritCpuset(Path hierarchy, Path directory) {
    if (directory.equals(hierarchy)) {
      return;
    }
    for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
      if (read(directory.resolve(file)).isEmpty()) {
        if (read(directory.getParent().resolve(file)).isEmpty()) {
          inheritCpuset(hierarchy, directory.getParent());
        }
        write(directory.resolve(file), read(directory.getParent().resolve(file)));
      }
    }
  }

  @Override
  void killAll() {
    // A frozen group cannot fork; it must be thawed again for SIGKILL to work.
    Path freezer = host.controller("freezer");
    Path state = freezer == null ? null : freezer.resolve(path).resolve("freezer.state");
    if (state != null && Files.exists(state)) {
      write(state, "FROZEN");
    }
    try {
      for (int pid : processes()) {
        Syscalls.raw(Syscall.KILL, pid, SIGKILL, 0, 0, 0, 0);
      }
    } finally {
      if (state != null && Files.exists(state)) {
        write(state, "THAWED");
      }
    }
  }

  @Override
  CgroupMounts mounts(boolean ownNamespace) {
    return new CgroupV1Mounts(host, path, ownNamespace);
  }
}
