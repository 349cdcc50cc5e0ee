// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A cgroup of version 2. */
final class CgroupV2 extends Cgroup {
  private static final long SIGKILL = 9;

  private final CgroupHost host;
  private final Path directory;

  CgroupV2(CgroupHost host, String path) {
    this.host = host;
    this.directory = host.unified().resolve(path);
  }

  @Override
  List<Path> directories() {
    return List.of(directory);
  }

  @Override
  String entranceFile() {
    return "cgroup.procs";
  }

  @Override
  void create(RuntimeSpec.Resources resources) {
    makeDirectories(directory.getParent());
    enableControllers(host.unified(), host.unified().relativize(directory).getParent());
    makeDirectories(directory);
    RuntimeSpec.Memory memory = resources.memory();
    if (memory != null) {
      if (memory.limit() != null) {
        set("memory.max", limit(memory.limit()));
      }
      if (memory.swap() != null && Files.exists(directory.resolve("memory.swap.max"))) {
        // Docker's number is memory plus swap, the kernel's is swap alone.
        set(
            "memory.swap.max",
            memory.swap() < 0 || memory.limit() == null
                ? "max"
                : Long.toString(memory.swap() - memory.limit()));
      }
      if (memory.reservation() != null) {
        set("memory.low", limit(memory.reservation()));
      }
    }
    RuntimeSpec.Cpu cpu = resources.cpu();
    if (cpu != null) {
      cpu(cpu);
    }
    if (resources.pidsLimit() != null) {
      set("pids.max", limit(resources.pidsLimit()));
    }
    if (!resources.devices().isEmpty()) {
      DeviceFilter.attach(directory, resources.devices());
    }
  }

  private void cpu(RuntimeSpec.Cpu cpu) {
    if (cpu.shares() != null && cpu.shares() != 0) {
      // The range 2 to 262144 onto 1 to 10000, as runc 1.1 does it.
      set("cpu.weight", Long.toString(1 + ((cpu.shares() - 2) * 9999) / 262142));
    }
    if (cpu.quota() != null || cpu.period() != null) {
      String quota = cpu.quota() == null || cpu.quota() <= 0 ? "max" : cpu.quota().toString();
      set("cpu.max", cpu.period() == null ? quota : quota + " " + cpu.period());
    }
    if (cpu.cpus() != null) {
      set("cpuset.cpus", cpu.cpus());
    }
    if (cpu.mems() != null) {
      set("cpuset.mems", cpu.mems());
    }
  }

  private void set(String file, String value) {
    if (!Files.exists(directory.resolve(file))) {
      throw EngineException.invalid(
          "this host's cgroups do not offer "
              + file
              + ": its controller is not enabled below "
              + host.unified());
    }
    write(directory.resolve(file), value);
  }

  private static String limit(long value) {
    return value <= 0 ? "max" : Long.toString(value);
  }

  /** Offers every controller that the hierarchy has to the groups below, level by level. */
  private static void enableControllers(Path root, Path below) {
    Path level = root;
    enable(level);
    if (below != null) {
      for (Path name : below) {
        level = level.resolve(name);
        enable(level);
      }
    }
  }

  private static void enable(Path level) {
    Set<String> enabled = words(level.resolve("cgroup.subtree_control"));
    for (String controller : words(level.resolve("cgroup.controllers"))) {
      if (!enabled.contains(controller)) {
        try {
          write(level.resolve("cgroup.subtree_control"), "+" + controller);
        } catch (EngineException e) {
          // EBUSY or EOPNOTSUPP for this one: a limit that needs it is refused when it is set
          continue;
        }
      }
    }
  }

  private static Set<String> words(Path file) {
    String text = read(file);
    return text.isEmpty() ? Set.of() : Set.of(text.split(" "));
  }

  @Override
  void killAll() {
    Path kill = directory.resolve("cgroup.kill"); // Linux 5.14
    if (Files.exists(kill)) {
      write(kill, "1");
      return;
    }
    for (int pid : processes()) {
      Syscalls.raw(Syscall.KILL, pid, SIGKILL, 0, 0, 0, 0);
    }
  }

  @Override
  CgroupMounts mounts(boolean ownNamespace) {
    return new CgroupV2Mounts(host.unified(), ownNamespace);
  }
}
