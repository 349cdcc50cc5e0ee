// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.ProcessIdentity;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Processes by pid and start time. */
final class Processes {
  private static final int P_PID = 1;
  private static final int WEXITED = 4;
  private static final int WNOHANG = 1;
  private static final int SIGKILL = 9;
  private static final short POLLIN = 1;
  private static final int FIELDS_BEFORE_START_TIME = 19;

  private Processes() {}

  static ProcessIdentity identity(int pid) {
    return new ProcessIdentity(pid, startTime(pid));
  }

  /** Clock ticks since boot; -1 if there is no such process. */
  static long startTime(int pid) {
    String[] fields = stat(pid);
    return fields.length == 0 ? -1 : Long.parseLong(fields[FIELDS_BEFORE_START_TIME]);
  }

  /** Whether the process is there and has not ended; a zombie has. */
  static boolean alive(ProcessIdentity process) {
    String[] fields = stat(process.pid());
    return fields.length > 0
        && Long.parseLong(fields[FIELDS_BEFORE_START_TIME]) == process.startTime()
        && !fields[0].equals("Z")
        && !fields[0].equals("X");
  }

  /** The fields of /proc/PID/stat behind the command's name, which may hold anything. */
  private static String[] stat(int pid) {
    try {
      String line =
          new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/stat")), StandardCharsets.ISO_8859_1);
      return line.substring(line.lastIndexOf(')') + 2).split(" ");
    } catch (IOException e) {
      return new String[0];
    }
  }

  /** A pidfd of that very process; empty if it is gone. */
  static Optional<Fd> open(ProcessIdentity process) {
    Fd pidfd;
    try {
      pidfd = Syscalls.pidfdOpen(process.pid());
    } catch (LinuxException e) {
      if (e.errno() == Errno.ESRCH || e.errno() == Errno.EINVAL) {
        return Optional.empty();
      }
      throw e;
    }
    if (startTime(process.pid()) != process.startTime()) {
      pidfd.close();
      return Optional.empty();
    }
    return Optional.of(pidfd);
  }

  /** Sends a signal; a process that is gone is not an error. */
  static void signal(ProcessIdentity process, int signal) {
    open(process)
        .ifPresent(
            pidfd -> {
              try (pidfd) {
                Syscalls.pidfdSendSignal(pidfd.number(), signal);
              } catch (LinuxException e) {
                if (e.errno() == Errno.EINVAL) {
                  throw EngineException.invalid("Invalid signal: " + signal);
                }
                if (e.errno() != Errno.ESRCH) {
                  throw e;
                }
              }
            });
  }

  /**
   * Waits until the process has ended, and kills it when that takes too long; reaps it if it is a
   * child of the JVM.
   */
  static void end(ProcessIdentity process, int graceMillis) {
    open(process)
        .ifPresent(
            pidfd -> {
              try (pidfd) {
                if (!poll(pidfd, graceMillis)) {
                  Syscalls.raw(Syscall.PIDFD_SEND_SIGNAL, pidfd.number(), SIGKILL, 0, 0, 0, 0);
                  poll(pidfd, 5_000);
                }
              }
            });
    reap(process.pid());
  }

  private static boolean poll(Fd pidfd, int millis) {
    try (NativeMemory descriptor = NativeMemory.allocate(8);
        NativeMemory time = NativeMemory.allocate(16)) {
      descriptor.setInt(0, pidfd.number()).setShort(4, POLLIN);
      time.setLong(0, millis / 1000).setLong(8, millis % 1000 * 1_000_000L);
      long result;
      do {
        result = Syscalls.raw(Syscall.PPOLL, descriptor.address(), 1, time.address(), 0, 0, 0);
      } while (result == -Errno.EINTR);
      return result > 0;
    }
  }

  /** ECHILD, when it was started by an engine before this one, is as good: init reaps it. */
  private static void reap(int pid) {
    Syscalls.raw(Syscall.WAITID, P_PID, pid, 0, WEXITED | WNOHANG, 0, 0);
  }
}
