// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.rootfs;

import io.gantry.api.error.EngineException;
import io.gantry.core.task.TaskRequest;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscalls;

/** Fills empty volumes with what the image has where they are mounted. */
public final class VolumeFiller {
  private VolumeFiller() {}

  public static void fill(RootDirectory root, TaskRequest.VolumeCopy copy) {
    Fd source = root.find(copy.source()).orElse(null);
    if (source == null) {
      return; // nothing there, nothing to copy
    }
    int flags = Openat2.O_RDONLY | Openat2.O_DIRECTORY;
    try (source) {
      if (!FileStatus.of(source.number()).directory()) {
        return;
      }
      try (Fd from = Syscalls.openAt(source.number(), ".", flags, 0);
          Fd to = Syscalls.open(copy.target().toString(), flags | Openat2.O_NOFOLLOW, 0)) {
        TreeCopy.intoEmpty(from, to);
      }
    } catch (LinuxException e) {
      throw EngineException.internal(
          "failed to copy the image's content at "
              + copy.source()
              + " to the volume at "
              + copy.target()
              + ": "
              + e.getMessage(),
          e);
    }
  }
}
