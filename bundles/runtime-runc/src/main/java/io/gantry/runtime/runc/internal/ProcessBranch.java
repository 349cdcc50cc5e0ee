// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.linux.Errno;
import io.gantry.linux.Syscall;
import io.gantry.linux.program.Operation.Label;
import io.gantry.linux.program.SyscallProgram;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The end of an init or of an exec process: streams, limits, identity, confinement, and the user's
 * program.
 */
final class ProcessBranch {
  private static final int AT_FDCWD = -100;
  private static final int X_OK = 1;
  private static final int O_RDWR = 2;
  private static final int O_WRONLY = 1;
  private static final int O_NOCTTY = 0x100;
  private static final int O_CLOEXEC = 0x80000;
  private static final int O_DIRECTORY = 0x10000;
  private static final int O_PATH = 0x200000;
  private static final int RESOLVE_NO_MAGICLINKS = 2;
  private static final int RESOLVE_IN_ROOT = 0x10;
  private static final int OPEN_HOW_BYTES = 24;
  private static final int TIOCSPTLCK = 0x40045431;
  private static final int TIOCGPTPEER = 0x5441;
  private static final int TIOCSCTTY = 0x540e;
  private static final int TIOCSWINSZ = 0x5414;
  private static final int PR_CAPBSET_DROP = 24;
  private static final int PR_SET_KEEPCAPS = 8;
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int CAPABILITY_VERSION_3 = 0x20080522;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int CLOSE_RANGE_CLOEXEC = 4;
  private static final int KEYCTL_JOIN_SESSION_KEYRING = 1;
  private static final int SCRATCH = RootfsBranch.SCRATCH;
  private static final String DEFAULT_PATH =
      "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private static final Map<String, Integer> RLIMITS =
      Map.ofEntries(
          Map.entry("RLIMIT_CPU", 0),
          Map.entry("RLIMIT_FSIZE", 1),
          Map.entry("RLIMIT_DATA", 2),
          Map.entry("RLIMIT_STACK", 3),
          Map.entry("RLIMIT_CORE", 4),
          Map.entry("RLIMIT_RSS", 5),
          Map.entry("RLIMIT_NPROC", 6),
          Map.entry("RLIMIT_NOFILE", 7),
          Map.entry("RLIMIT_MEMLOCK", 8),
          Map.entry("RLIMIT_AS", 9),
          Map.entry("RLIMIT_LOCKS", 10),
          Map.entry("RLIMIT_SIGPENDING", 11),
          Map.entry("RLIMIT_MSGQUEUE", 12),
          Map.entry("RLIMIT_NICE", 13),
          Map.entry("RLIMIT_RTPRIO", 14),
          Map.entry("RLIMIT_RTTIME", 15));

  private final SyscallProgram program;
  private final RuntimeSpec.Process process;
  private long filterAddress;

  ProcessBranch(SyscallProgram program, RuntimeSpec.Process process) {
    if (process.apparmorProfile() != null) {
      throw EngineException.unsupported(
          "this runtime does not apply AppArmor profiles yet: leave out the security option apparmor="
              + process.apparmorProfile()
              + ", or use apparmor=unconfined");
    }
    this.program = program;
    this.process = process;
  }

  /** Three pipes become 0 to 2. */
  void pipes() {
    program.add("stdin", Syscall.DUP3, ShimTable.INIT_STDIN, 0, 0);
    program.add("stdout", Syscall.DUP3, ShimTable.INIT_STDOUT, 1, 0);
    program.add("stderr", Syscall.DUP3, ShimTable.INIT_STDERR, 2, 0);
  }

  /**
   * A terminal of the container's own devpts becomes 0 to 2. The shim takes the master before this
   * goes on.
   *
   * @param console whether it is to be /dev/console as well
   */
  void terminal(boolean console) {
    program.add(
        "open /dev/ptmx",
        Syscall.OPENAT,
        AT_FDCWD,
        program.string("/dev/ptmx"),
        O_RDWR | O_NOCTTY | O_CLOEXEC,
        0);
    program.add("unlock the terminal", Syscall.IOCTL, SCRATCH, TIOCSPTLCK, program.ints(0));
    program.add(
        "open the terminal", Syscall.IOCTL, SCRATCH, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
    RuntimeSpec.ConsoleSize size = process.consoleSize();
    if (size != null && size.height() > 0 && size.width() > 0) {
      program.add(
          "terminal size",
          Syscall.IOCTL,
          SCRATCH,
          TIOCSWINSZ,
          program.ints(size.height() | size.width() << 16, 0));
    }
    program.add("pass the master", Syscall.DUP3, SCRATCH, ShimBranch.MASTER, O_CLOEXEC);
    program.add("terminal ready", Syscall.WRITE, ShimTable.TERMINAL_READY, program.longs(1), 8);
    program.add(
        "wait until it is taken", Syscall.READ, ShimTable.TERMINAL_TAKEN, program.reserve(8), 8);
    if (console) {
      program
          .add(
              "create /dev/console",
              Syscall.MKNODAT,
              AT_FDCWD,
              program.string("/dev/console"),
              0100600,
              0)
          .ignoring(Errno.EEXIST);
      // The first terminal of a new devpts is always number 0.
      program.add(
          "mount /dev/console",
          Syscall.MOUNT,
          program.string("/dev/pts/0"),
          program.string("/dev/console"),
          0,
          4096,
          0);
    }
    if (process.user().uid() != 0) {
      program.add("owner of the terminal", Syscall.FCHOWN, SCRATCH + 1, process.user().uid(), -1);
    }
    program.add("controlling terminal", Syscall.IOCTL, SCRATCH + 1, TIOCSCTTY, 0);
    for (int fd = 0; fd <= 2; fd++) {
      program.add("terminal as " + fd, Syscall.DUP3, SCRATCH + 1, fd, 0);
    }
    program.add("close scratch", Syscall.CLOSE_RANGE, SCRATCH, SCRATCH + 1, 0);
  }

  void limits() {
    for (RuntimeSpec.Rlimit limit : process.rlimits()) {
      Integer resource = RLIMITS.get(limit.type());
      if (resource == null) {
        throw EngineException.invalid("wrong rlimit value: " + limit.type());
      }
      program.add(
          "error setting rlimits for ready process: error setting rlimit type " + resource,
          Syscall.PRLIMIT64,
          0,
          resource,
          program.longs(limit.soft(), limit.hard()),
          0);
    }
    if (process.oomScoreAdj() != null) {
      String value = Integer.toString(process.oomScoreAdj());
      program.add(
          "open oom_score_adj",
          Syscall.OPENAT,
          AT_FDCWD,
          program.string("/proc/self/oom_score_adj"),
          O_WRONLY,
          0);
      program.add(
          "set oom_score_adj " + value,
          Syscall.WRITE,
          SCRATCH,
          program.string(value),
          value.length());
      program.add("close oom_score_adj", Syscall.CLOSE, SCRATCH);
    }
    program
        .add("session keyring", Syscall.KEYCTL, KEYCTL_JOIN_SESSION_KEYRING, program.string("_ses"))
        .ignoring(Errno.ENOSYS, Errno.EPERM, 122);
  }

  /** From here on only what cannot fail, and the user's program. */
  void confine(byte[] seccomp) {
    program.add(
        "close all but 0 to 2 upon execve",
        Syscall.CLOSE_RANGE,
        3,
        0xffffffffL,
        CLOSE_RANGE_CLOEXEC);
    enterDirectory();
    if (!process.noNewPrivileges()) {
      filter(seccomp); // needs CAP_SYS_ADMIN, which the next steps take away
    }
    long kept = Capabilities.mask(process.capabilities()) & Capabilities.own();
    for (int capability = 0; capability < Capabilities.NAMES.size(); capability++) {
      if ((kept >> capability & 1) == 0) {
        program
            .add(
                "drop " + Capabilities.NAMES.get(capability),
                Syscall.PRCTL,
                PR_CAPBSET_DROP,
                capability,
                0,
                0,
                0)
            .ignoring(Errno.EINVAL);
      }
    }
    program.add("umask 022", Syscall.UMASK, 022);
    program.add("keep capabilities", Syscall.PRCTL, PR_SET_KEEPCAPS, 1, 0, 0, 0);
    List<Long> groups = process.user().additionalGids();
    program.add(
        "setgroups",
        Syscall.SETGROUPS,
        groups.size(),
        groups.isEmpty() ? 0 : program.ints(groups.stream().mapToInt(Long::intValue).toArray()));
    long gid = process.user().gid();
    long uid = process.user().uid();
    program.add("setgid", Syscall.SETRESGID, gid, gid, gid);
    program.add("setuid", Syscall.SETRESUID, uid, uid, uid);
    capset(kept);
    program.add("keep capabilities no more", Syscall.PRCTL, PR_SET_KEEPCAPS, 0, 0, 0, 0);
    if (process.noNewPrivileges()) {
      program.add("no_new_privs", Syscall.PRCTL, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
      filter(seccomp);
    }
  }

  /**
   * The working directory is entered while the process may still enter any, and never through a
   * magic link: /proc/self/fd holds descriptors of the engine's until execve (CVE-2024-21626).
   */
  private void enterDirectory() {
    String label = "chdir to cwd (\"" + process.cwd() + "\") set in config.json failed";
    SyscallProgram.Adder open =
        program.add(
            label,
            Syscall.OPENAT2,
            AT_FDCWD,
            program.string(process.cwd()),
            program.longs(
                O_PATH | O_DIRECTORY | O_CLOEXEC, 0, RESOLVE_NO_MAGICLINKS | RESOLVE_IN_ROOT),
            OPEN_HOW_BYTES);
    open.storing(program.add(label, Syscall.FCHDIR, -1).argument(0), 8);
  }

  private void capset(long kept) {
    int low = (int) kept;
    int high = (int) (kept >>> 32);
    program.add(
        "capset",
        Syscall.CAPSET,
        program.ints(CAPABILITY_VERSION_3, 0),
        program.ints(low, low, 0, high, high, 0));
  }

  private void filter(byte[] seccomp) {
    if (seccomp != null) {
      long instructions = program.bytes(seccomp);
      filterAddress = instructions;
      program.add(
          "seccomp",
          Syscall.SECCOMP,
          SECCOMP_SET_MODE_FILTER,
          0,
          program.longs(seccomp.length / 8, instructions));
    }
  }

  /** Where the seccomp filter lies in the program; 0 without one. */
  long filterAddress() {
    return filterAddress;
  }

  /**
   * Looks the program up and runs it. What cannot be found or may not be executed is a failed
   * start; what the kernel then refuses, an unknown format or a missing interpreter, is a line on
   * the container's stderr and exit code 1, as runc has it.
   */
  void execute() {
    String file = process.args().get(0);
    long argv = program.vector(process.args());
    long env = program.vector(process.env());
    if (file.contains("/")) {
      program.add(ExecFailures.EXACT, Syscall.FACCESSAT, AT_FDCWD, program.string(file), X_OK);
      execute(file, argv, env, null);
      return;
    }
    if (!file.isEmpty()) {
      for (String directory : path().split(":", -1)) {
        String candidate = (directory.isEmpty() ? "." : directory) + "/" + file;
        Label found = new Label();
        Label next = new Label();
        program
            .add(
                "look for " + candidate,
                Syscall.FACCESSAT,
                AT_FDCWD,
                program.string(candidate),
                X_OK)
            .handling(Errno.ENOENT, next)
            .handling(Errno.EACCES, next)
            .handling(Errno.ENOTDIR, next)
            .handling(Errno.ELOOP, next)
            .branchIfZero(found);
        program.place(found);
        execute(candidate, argv, env, next);
        program.place(next);
      }
    }
    program.add(ExecFailures.NOT_FOUND, Syscall.EXECVE, program.string(""), argv, env);
  }

  private String path() {
    return process.env().stream()
        .filter(e -> e.startsWith("PATH="))
        .reduce((first, last) -> last)
        .map(e -> e.substring("PATH=".length()))
        .orElse(DEFAULT_PATH);
  }

  /**
   * @param denied where to go on if it is a directory, for example; null to fail
   */
  private void execute(String file, long argv, long env, Label denied) {
    Label format = new Label();
    Label missing = new Label();
    Label tooLong = new Label();
    SyscallProgram.Adder execve =
        program
            .add(ExecFailures.EXACT, Syscall.EXECVE, program.string(file), argv, env)
            .handling(Errno.ENOEXEC, format)
            .handling(Errno.ENOENT, missing)
            .handling(Errno.E2BIG, tooLong);
    if (denied != null) {
      execve.handling(Errno.EACCES, denied);
    }
    endWith(format, file, Errno.ENOEXEC);
    endWith(missing, file, Errno.ENOENT);
    endWith(tooLong, file, Errno.E2BIG);
  }

  private void endWith(Label label, String file, int errno) {
    String line = "exec " + file + ": " + ExecFailures.reason(errno) + "\n";
    program.place(label);
    program
        .add(
            "tell the user",
            Syscall.WRITE,
            2,
            program.string(line),
            line.getBytes(StandardCharsets.UTF_8).length)
        .ignoring(Errno.EPIPE, Errno.EAGAIN);
    program.add("exit", Syscall.EXIT_GROUP, 1);
  }
}
