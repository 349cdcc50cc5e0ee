// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.RuntimeSpec;
import java.util.List;

/** Rules enough for busybox, and of about the length of Docker's default profile. */
final class DefaultProfile {
  private DefaultProfile() {}

  static List<RuntimeSpec.SyscallRule> rules() {
    return List.of(
        new RuntimeSpec.SyscallRule(List.of(NAMES.split(" ")), "SCMP_ACT_ALLOW", null, List.of()),
        new RuntimeSpec.SyscallRule(
            List.of("clone"),
            "SCMP_ACT_ALLOW",
            null,
            List.of(new RuntimeSpec.SyscallArgument(0, 0x7e020000, 0, "SCMP_CMP_MASKED_EQ"))),
        new RuntimeSpec.SyscallRule(
            List.of("personality"),
            "SCMP_ACT_ALLOW",
            null,
            List.of(new RuntimeSpec.SyscallArgument(0, 0, 0, "SCMP_CMP_EQ"))));
  }

  private static final String NAMES =
      "accept accept4 access alarm bind brk capget capset chdir chmod chown clock_getres"
          + " clock_gettime clock_nanosleep close close_range connect copy_file_range creat dup dup2"
          + " dup3 epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_wait eventfd eventfd2"
          + " execve execveat exit exit_group faccessat faccessat2 fadvise64 fallocate fchdir fchmod"
          + " fchmodat fchown fchownat fcntl fdatasync fgetxattr flistxattr flock fork fremovexattr"
          + " fsetxattr fstat fstatfs fsync ftruncate futex getcpu getcwd getdents getdents64 getegid"
          + " geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid getppid"
          + " getpriority getrandom getresgid getresuid getrlimit getrusage getsid getsockname"
          + " getsockopt gettid gettimeofday getuid getxattr inotify_add_watch inotify_init1"
          + " inotify_rm_watch io_cancel ioctl io_destroy io_getevents ioprio_get ioprio_set io_setup"
          + " io_submit kill lchown lgetxattr link linkat listen listxattr llistxattr lremovexattr"
          + " lseek lsetxattr lstat madvise membarrier memfd_create mincore mkdir mkdirat mknod"
          + " mknodat mlock mlock2 mlockall mmap mprotect mremap msgctl msgget msgrcv msgsnd msync"
          + " munlock munlockall munmap nanosleep newfstatat open openat openat2 pause pidfd_open"
          + " pidfd_send_signal pipe pipe2 poll ppoll prctl pread64 preadv preadv2 prlimit64 pselect6"
          + " pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv recvfrom recvmmsg"
          + " recvmsg removexattr rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction"
          + " rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait"
          + " rt_tgsigqueueinfo sched_getaffinity sched_getattr sched_getparam"
          + " sched_get_priority_max sched_get_priority_min sched_getscheduler sched_rr_get_interval"
          + " sched_setaffinity sched_setattr sched_setparam sched_setscheduler sched_yield seccomp"
          + " select semctl semget semop semtimedop sendfile sendmmsg sendmsg sendto"
          + " set_robust_list get_robust_list setfsgid setfsuid setgid setgroups setitimer setpgid"
          + " setpriority setregid setresgid setresuid setreuid setrlimit setsid setsockopt"
          + " set_tid_address setuid setxattr shmat shmctl shmdt shmget shutdown sigaltstack signalfd"
          + " signalfd4 socket socketpair splice stat statfs statx symlink symlinkat sync"
          + " sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timerfd_create"
          + " timerfd_gettime timerfd_settime timer_getoverrun timer_gettime timer_settime times"
          + " tkill truncate umask uname unlink unlinkat utime utimensat utimes vfork vmsplice wait4"
          + " waitid write writev arch_prctl modify_ldt";
}
