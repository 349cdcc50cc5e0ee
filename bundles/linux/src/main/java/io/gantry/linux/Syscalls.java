// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux;

import com.sun.jna.Native;
import java.nio.ByteBuffer;

/**
 * System calls. Each throws {@link LinuxException} on failure unless its name or comment says
 * otherwise; EINTR is retried where the kernel leaves that to the caller. Descriptors are made
 * close-on-exec.
 */
public final class Syscalls {
  private static final int O_CLOEXEC = 0x80000;
  private static final int AT_FDCWD = -100;

  private Syscalls() {}

  /** Any system call; returns its result or the negated errno. */
  public static long raw(Syscall call, long a, long b, long c, long d, long e, long f) {
    long result = LibC.syscall(call.number(), a, b, c, d, e, f);
    return result == -1 ? -Native.getLastError() : result;
  }

  /** Any system call; {@code operation} names it in the exception. */
  public static long call(
      String operation, Syscall call, long a, long b, long c, long d, long e, long f) {
    long result = raw(call, a, b, c, d, e, f);
    if (result < 0 && result >= -4095) {
      throw new LinuxException(operation, (int) -result);
    }
    return result;
  }

  public static Fd open(String path, int flags, int mode) {
    return openAt(AT_FDCWD, path, flags, mode);
  }

  public static Fd openAt(int directory, String path, int flags, int mode) {
    try (NativeMemory name = NativeMemory.string(path)) {
      return new Fd(
          (int)
              call(
                  "open " + path,
                  Syscall.OPENAT,
                  directory,
                  name.address(),
                  flags | O_CLOEXEC,
                  mode,
                  0,
                  0));
    }
  }

  /** openat2(2) with {@code resolve} flags; negative result is the negated errno. */
  public static int openAt2Raw(int directory, String path, long flags, long mode, long resolve) {
    try (NativeMemory name = NativeMemory.string(path);
        NativeMemory how = NativeMemory.allocate(24)) {
      how.setLong(0, flags | O_CLOEXEC).setLong(8, mode).setLong(16, resolve);
      // EAGAIN: a component was renamed during a RESOLVE_IN_ROOT walk (openat2(2))
      for (int attempt = 0; ; attempt++) {
        int result = (int) raw(Syscall.OPENAT2, directory, name.address(), how.address(), 24, 0, 0);
        if (result != -Errno.EAGAIN || attempt == 128) {
          return result;
        }
      }
    }
  }

  public static Fd openAt2(int directory, String path, long flags, long mode, long resolve) {
    int result = openAt2Raw(directory, path, flags, mode, resolve);
    if (result < 0) {
      throw new LinuxException("open " + path, -result);
    }
    return new Fd(result);
  }

  /** Reads into the remaining bytes of a direct buffer and moves its position; 0 is end of file. */
  public static int read(int fd, ByteBuffer direct) {
    int result = readRaw(fd, direct);
    if (result < 0) {
      throw new LinuxException("read", -result);
    }
    return result;
  }

  /** As {@link #read}; a negative result is the negated errno. */
  public static int readRaw(int fd, ByteBuffer direct) {
    long address = NativeMemory.address(direct);
    int result;
    do {
      result = (int) raw(Syscall.READ, fd, address, direct.remaining(), 0, 0, 0);
    } while (result == -Errno.EINTR);
    if (result > 0) {
      direct.position(direct.position() + result);
    }
    return result;
  }

  /** As write(2), once; a negative result is the negated errno. */
  public static int writeRaw(int fd, ByteBuffer direct) {
    long address = NativeMemory.address(direct);
    int result;
    do {
      result = (int) raw(Syscall.WRITE, fd, address, direct.remaining(), 0, 0, 0);
    } while (result == -Errno.EINTR);
    if (result > 0) {
      direct.position(direct.position() + result);
    }
    return result;
  }

  public static void writeLong(int fd, long value) {
    try (NativeMemory eight = NativeMemory.allocate(8)) {
      eight.setLong(0, value);
      call("write", Syscall.WRITE, fd, eight.address(), 8, 0, 0, 0);
    }
  }

  public static void closeQuietly(int fd) {
    // The descriptor is gone whatever close(2) answers on Linux.
    raw(Syscall.CLOSE, fd, 0, 0, 0, 0, 0);
  }

  /** Read end and write end. */
  public static Fd[] pipe(int flags) {
    try (NativeMemory pair = NativeMemory.allocate(8)) {
      call("pipe2", Syscall.PIPE2, pair.address(), flags | O_CLOEXEC, 0, 0, 0, 0);
      return new Fd[] {new Fd(pair.getInt(0)), new Fd(pair.getInt(4))};
    }
  }

  public static Fd eventFd(int initial, int flags) {
    return new Fd((int) call("eventfd2", Syscall.EVENTFD2, initial, flags | O_CLOEXEC, 0, 0, 0, 0));
  }

  public static long fcntl(int fd, int command, long argument) {
    return call("fcntl", Syscall.FCNTL, fd, command, argument, 0, 0, 0);
  }

  /** pidfd_open(2), Linux 5.3. */
  public static Fd pidfdOpen(int pid) {
    return new Fd((int) call("pidfd_open " + pid, Syscall.PIDFD_OPEN, pid, 0, 0, 0, 0, 0));
  }

  /** A copy of another process's descriptor; pidfd_getfd(2), Linux 5.6. */
  public static Fd pidfdGetFd(int pidfd, int number) {
    return new Fd(
        (int) call("pidfd_getfd " + number, Syscall.PIDFD_GETFD, pidfd, number, 0, 0, 0, 0));
  }

  public static void pidfdSendSignal(int pidfd, int signal) {
    call("pidfd_send_signal " + signal, Syscall.PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0, 0, 0);
  }
}
