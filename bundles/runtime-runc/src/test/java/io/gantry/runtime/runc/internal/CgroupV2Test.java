// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.RuntimeSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written where, on plain files in place of the v2 hierarchy. */
class CgroupV2Test {
  @TempDir Path unified;

  private Path group;

  @BeforeEach
  void files() throws IOException {
    group = Files.createDirectories(unified.resolve("gantry/box"));
    for (Path level : List.of(unified, unified.resolve("gantry"))) {
      Files.writeString(level.resolve("cgroup.controllers"), "cpu memory pids\n");
      Files.writeString(level.resolve("cgroup.subtree_control"), "cpu\n");
    }
    for (String file :
        List.of(
            "memory.max", "memory.swap.max", "memory.low", "cpu.weight", "cpu.max", "pids.max")) {
      Files.writeString(group.resolve(file), "");
    }
  }

  private void create(RuntimeSpec.Memory memory, RuntimeSpec.Cpu cpu, Long pids) {
    new CgroupV2(new CgroupHost(Map.of(), unified), "gantry/box")
        .create(new RuntimeSpec.Resources(List.of(), memory, cpu, pids));
  }

  private String content(String file) throws IOException {
    return Files.readString(group.resolve(file));
  }

  @Test
  void swapIsWhatIsBeyondTheMemory() throws IOException {
    create(new RuntimeSpec.Memory(64L << 20, 32L << 20, 96L << 20), null, null);
    assertEquals("67108864", content("memory.max"));
    assertEquals("33554432", content("memory.swap.max"));
    assertEquals("33554432", content("memory.low"));
  }

  @Test
  void unlimitedSwapIsMax() throws IOException {
    create(new RuntimeSpec.Memory(64L << 20, null, -1L), null, null);
    assertEquals("max", content("memory.swap.max"));
  }

  @Test
  void sharesBecomeWeights() throws IOException {
    for (Map.Entry<Long, String> weight :
        Map.of(2L, "1", 1024L, "39", 262144L, "10000").entrySet()) {
      Files.writeString(group.resolve("cpu.weight"), "");
      create(null, new RuntimeSpec.Cpu(weight.getKey(), null, null, null, null), null);
      assertEquals(weight.getValue(), content("cpu.weight"));
    }
  }

  @Test
  void quotaAndPeriodShareAFile() throws IOException {
    create(null, new RuntimeSpec.Cpu(null, 150_000L, 100_000L, null, null), 17L);
    assertEquals("150000 100000", content("cpu.max"));
    assertEquals("17", content("pids.max"));
  }

  @Test
  void missingControllersAreEnabledLevelByLevel() throws IOException {
    create(null, null, null);
    // the last word written; a real hierarchy adds them up
    assertTrue(Files.readString(unified.resolve("cgroup.subtree_control")).startsWith("+"));
    assertTrue(Files.readString(unified.resolve("gantry/cgroup.subtree_control")).startsWith("+"));
  }

  @Test
  void aLimitThatTheHostCannotKeepIsRefused() {
    EngineException refused =
        assertThrows(
            EngineException.class,
            () -> create(null, new RuntimeSpec.Cpu(null, null, null, "0", null), null));
    assertTrue(refused.getMessage().contains("cpuset.cpus"), refused.getMessage());
  }
}
