// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.api.runtime.ProcessIdentity;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.ShimDescriptors;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * This engine's copies of what a shim holds for it. A null component is not there: the process has
 * none, or the shim is gone.
 *
 * @param shim a pidfd
 * @param process a pidfd
 */
public record ShimHandle(
    Fd shim, Fd process, Fd stdin, Fd stdout, Fd stderr, Fd exited, Fd closeStdin)
    implements AutoCloseable {

  /** Takes copies from the shim of {@code record}, as far as it lives. */
  public static ShimHandle take(ProcessRecord record) {
    Fd shim = pidfd(record.shim()).orElse(null);
    Fd process = pidfd(record.process()).orElse(null);
    ShimDescriptors numbers = record.descriptors();
    Fd[] taken = new Fd[5];
    try {
      if (shim != null) {
        taken[0] = copy(shim, numbers.stdin());
        taken[1] = copy(shim, numbers.stdout());
        taken[2] = copy(shim, numbers.stderr());
        taken[3] = copy(shim, numbers.exited());
        taken[4] = copy(shim, numbers.closeStdin());
      }
      return new ShimHandle(shim, process, taken[0], taken[1], taken[2], taken[3], taken[4]);
    } catch (LinuxException e) {
      ShimHandle partial =
          new ShimHandle(shim, process, taken[0], taken[1], taken[2], taken[3], taken[4]);
      if (e.errno() == Errno.ESRCH) {
        partial.close();
        return new ShimHandle(
            null, pidfd(record.process()).orElse(null), null, null, null, null, null);
      }
      partial.close();
      throw e;
    }
  }

  private static Fd copy(Fd shim, int number) {
    return number == ShimDescriptors.NONE ? null : Syscalls.pidfdGetFd(shim.number(), number);
  }

  /** A pidfd of the process, unless it has ended and its pid is free or another's. */
  static Optional<Fd> pidfd(ProcessIdentity identity) {
    Fd pidfd;
    try {
      pidfd = Syscalls.pidfdOpen(identity.pid());
    } catch (LinuxException e) {
      if (e.errno() == Errno.ESRCH || e.errno() == Errno.EINVAL) {
        return Optional.empty();
      }
      throw e;
    }
    // Compared after the pidfd was opened: from then on the pid cannot become another's unseen.
    if (startTime(identity.pid()) != identity.startTime()) {
      pidfd.close();
      return Optional.empty();
    }
    return Optional.of(pidfd);
  }

  private static long startTime(int pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      // The command, in parentheses, may hold spaces and parentheses itself.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[19]);
    } catch (IOException e) {
      return -1;
    }
  }

  @Override
  public void close() {
    for (Fd descriptor : new Fd[] {shim, process, stdin, stdout, stderr, exited, closeStdin}) {
      if (descriptor != null) {
        descriptor.close();
      }
    }
  }
}
