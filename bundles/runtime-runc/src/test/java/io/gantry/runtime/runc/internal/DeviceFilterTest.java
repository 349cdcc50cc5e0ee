// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.api.runtime.RuntimeSpec.DeviceRule;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The filter in the v2 hierarchy, which a hybrid host has too: what it lets through. */
@Tag("root")
class DeviceFilterTest {
  private static final DeviceRule NOTHING = new DeviceRule(false, "a", null, null, "rwm");

  private Path cgroup;

  @BeforeEach
  void makeCgroup() throws Exception {
    Path unified = CgroupHost.read().unified();
    Assumptions.assumeTrue(unified != null, "this host has no v2 hierarchy");
    cgroup = Files.createDirectory(unified.resolve("gantry-test-" + UUID.randomUUID()));
  }

  @AfterEach
  void removeCgroup() throws Exception {
    if (cgroup != null) {
      Files.delete(cgroup);
    }
  }

  @Test
  void whatIsNotAllowedIsDenied() throws Exception {
    DeviceFilter.attach(cgroup, List.of(NOTHING));
    assertEquals("", opened("<", "/dev/zero", "/dev/null"));
  }

  @Test
  void allowsByNumber() throws Exception {
    DeviceFilter.attach(cgroup, List.of(NOTHING, new DeviceRule(true, "c", 1L, 3L, "rwm")));
    assertEquals("/dev/null ", opened("<", "/dev/zero", "/dev/null"));
  }

  @Test
  void theTypeCounts() throws Exception {
    DeviceFilter.attach(cgroup, List.of(NOTHING, new DeviceRule(true, "b", 1L, 3L, "rwm")));
    assertEquals("", opened("<", "/dev/null"));
  }

  @Test
  void anyMinorIsAllowedWhereNoneIsNamed() throws Exception {
    DeviceFilter.attach(cgroup, List.of(NOTHING, new DeviceRule(true, "c", 1L, null, "rwm")));
    assertEquals("/dev/zero /dev/null ", opened("<", "/dev/zero", "/dev/null"));
  }

  @Test
  void theAccessCounts() throws Exception {
    DeviceFilter.attach(cgroup, List.of(NOTHING, new DeviceRule(true, "c", 1L, 3L, "r")));
    assertEquals("/dev/null ", opened("<", "/dev/null"));
    assertEquals("", opened(">", "/dev/null"));
  }

  @Test
  void theLastRuleThatMatchesDecides() throws Exception {
    DeviceFilter.attach(
        cgroup,
        List.of(
            new DeviceRule(true, "a", null, null, "rwm"),
            new DeviceRule(false, "c", 1L, 5L, "rwm")));
    assertEquals("/dev/null ", opened("<", "/dev/zero", "/dev/null"));
  }

  /** Those of the devices that a process in the cgroup can open; all is told through a pipe. */
  private String opened(String direction, String... devices) throws Exception {
    StringBuilder script = new StringBuilder("exec 2>&1; echo 0 >" + cgroup + "/cgroup.procs; ");
    for (String device : devices) {
      script.append("(: ").append(direction).append(device).append(") 2>&- && printf '%s ' ");
      script.append(device).append("; ");
    }
    Process shell =
        new ProcessBuilder("/bin/busybox", "sh", "-c", script.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    shell.waitFor();
    return output;
  }
}
