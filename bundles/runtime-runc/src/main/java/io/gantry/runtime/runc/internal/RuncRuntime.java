// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.CreateRequest;
import io.gantry.api.runtime.ExecRequest;
import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.OciRuntime;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.RuntimeFeatures;
import io.gantry.api.runtime.RuntimeSpec;
import io.gantry.api.runtime.TaskRecord;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscalls;
import io.gantry.linux.program.InitImage;
import io.gantry.linux.program.SyscallProgram;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * The runtime {@code runc}: compiles each container into a system call program and lets a shim
 * carry it out.
 */
@Component(service = OciRuntime.class, property = "gantry.driver=runc")
public final class RuncRuntime implements OciRuntime {
  private static final String CREATE_FAILED =
      "failed to create shim task: OCI runtime create failed: ";
  private static final String START_FAILED =
      CREATE_FAILED + "runc create failed: unable to start container process: ";
  private static final String INIT_FAILED = START_FAILED + "error during container init: ";
  private static final String EXEC_FAILED =
      "OCI runtime exec failed: exec failed: unable to start container process: ";
  private static final String CGROUP = "cgroup";
  private static final String NAMESPACES = "namespaces";
  private static final String PROGRAM = "program";
  private static final String SECCOMP = "seccomp";
  private static final String EXIT_RECORD = "exit";
  private static final int RELEASE_GRACE_MILLIS = 2_000;
  private static final int SIGKILL = 9;

  private final SeccompCompiler seccomp = new SeccompCompiler();
  private final CgroupHost cgroups = CgroupHost.read();

  @Activate
  public RuncRuntime() {
    // all that is remembered is how the host's cgroups are mounted
  }

  @Override
  public RuntimeFeatures features() {
    String version = getClass().getPackage().getImplementationVersion();
    return new RuntimeFeatures(
        version == null ? "0.1.0" : version,
        "",
        RuntimeSpec.OCI_VERSION,
        List.of(cgroups.v2() ? "cgroup2" : "cgroup", "seccomp"),
        Map.of());
  }

  @Override
  public TaskRecord create(CreateRequest request, Consumer<TaskRecord> committer) {
    if (!"amd64".equals(System.getProperty("os.arch"))) {
      throw EngineException.unsupported(
          "this runtime is for x86-64, and this machine is " + System.getProperty("os.arch"));
    }
    RuntimeSpec spec = request.spec();
    if (spec.process().args().isEmpty()) {
      throw EngineException.invalid("No command specified");
    }
    Namespaces namespaces = Namespaces.of(spec.linux().namespaces());
    byte[] filter = spec.linux().seccomp() == null ? null : seccomp.compile(spec.linux().seccomp());
    Path exitRecord = request.bundle().resolve(EXIT_RECORD);
    Cgroup cgroup = cgroup(spec.linux().cgroupsPath());
    boolean created = false;
    try (Extras extras = new Extras()) {
      Files.createDirectories(request.bundle());
      InitProgram init = new InitProgram(request, namespaces, cgroup, filter, extras);
      SyscallProgram program = init.build();
      try (Shim shim = Shim.spawn(program, extras, request.stdio(), exitRecord, request.id())) {
        TaskRecord task = null;
        try {
          // meanwhile the shim starts and clones; the init does nothing before the gate is open
          cgroup.create(DeviceRules.complete(spec.linux().resources()));
          StatusPipe.Message pid = shim.read();
          check(pid, program, spec.process(), INIT_FAILED);
          ProcessRecord process = shim.record((int) pid.value(), request.stdio(), exitRecord);
          task =
              new TaskRecord(
                  request.id(), request.bundle(), process, driverState(spec, namespaces, init));
          committer.accept(task);
          shim.open();
          check(shim.read(), program, spec.process(), INIT_FAILED);
          created = true;
          return task;
        } finally {
          if (!created) {
            undo(shim, task == null ? null : task.init());
          }
        }
      }
    } catch (IOException e) {
      throw EngineException.internal(
          "cannot write to the bundle " + request.bundle() + ": " + e.getMessage(), e);
    } catch (LinuxException e) {
      throw EngineException.internal(CREATE_FAILED + e.getMessage(), e);
    } finally {
      if (!created) {
        cgroup.remove();
        clear(request.bundle());
      }
    }
  }

  @Override
  public void start(TaskRecord task) {
    ProcessRecord init = task.init();
    Fd pidfd =
        Processes.open(init.shim())
            .orElseThrow(
                () ->
                    EngineException.conflict("the shim of container " + task.id() + " has ended"));
    StatusPipe.Message message;
    try (pidfd;
        Fd start = Syscalls.pidfdGetFd(pidfd.number(), ShimTable.START);
        Fd status = Syscalls.pidfdGetFd(pidfd.number(), ShimTable.STATUS_READ)) {
      Syscalls.writeLong(start.number(), 1);
      message = StatusPipe.read(status.number());
    }
    if (message.failure()) {
      throw startFailure(
          InitImage.labelAt(ImageSlice.image(init.shim()), message.kind()),
          (int) message.value(),
          task.driverState().get(PROGRAM));
    }
  }

  @Override
  public ProcessRecord exec(
      TaskRecord task, ExecRequest request, Consumer<ProcessRecord> committer) {
    if (request.process().args().isEmpty()) {
      throw EngineException.invalid("No exec command specified");
    }
    long namespaces = Long.parseLong(task.driverState().get(NAMESPACES));
    Path exitRecord = request.directory().resolve(EXIT_RECORD);
    boolean started = false;
    try (Extras extras = new Extras()) {
      Fd target =
          Processes.open(task.init().process())
              .orElseThrow(
                  () -> EngineException.conflict("container " + task.id() + " is not running"));
      byte[] filter = request.privileged() ? null : filter(task);
      SyscallProgram program =
          ExecProgram.build(request, target, namespaces, cgroup(task).entrances(), filter, extras);
      Files.createDirectories(request.directory());
      try (Shim shim = Shim.spawn(program, extras, request.stdio(), exitRecord, request.execId())) {
        ProcessRecord process = null;
        try {
          StatusPipe.Message pid = shim.read();
          check(pid, program, request.process(), EXEC_FAILED);
          process = shim.record((int) pid.value(), request.stdio(), exitRecord);
          committer.accept(process);
          shim.open();
          StatusPipe.Message message = shim.read();
          if (message.failure()) {
            throw failure(message, program, request.process().args().get(0), EXEC_FAILED);
          }
          started = true;
          return process;
        } finally {
          if (!started) {
            undo(shim, process);
          }
        }
      }
    } catch (IOException e) {
      throw EngineException.internal(
          "cannot write to " + request.directory() + ": " + e.getMessage(), e);
    } catch (LinuxException e) {
      throw EngineException.internal(EXEC_FAILED + e.getMessage(), e);
    } finally {
      if (!started) {
        clear(request.directory());
      }
    }
  }

  /** Ends what a failed call has started; {@code process} is null if it never came to be. */
  private static void undo(Shim shim, ProcessRecord process) {
    if (process != null) {
      Processes.signal(process.process(), SIGKILL);
      Processes.end(process.process(), RELEASE_GRACE_MILLIS);
    }
    Processes.signal(Processes.identity(shim.pid()), SIGKILL);
    Processes.end(Processes.identity(shim.pid()), RELEASE_GRACE_MILLIS);
  }

  @Override
  public void kill(ProcessRecord process, int signal) {
    Processes.signal(process.process(), signal);
  }

  @Override
  public void killAll(TaskRecord task) {
    Processes.signal(task.init().process(), SIGKILL);
    if ((Long.parseLong(task.driverState().get(NAMESPACES)) & Namespaces.NEWPID) == 0) {
      cgroup(task).killAll();
    }
  }

  @Override
  public Optional<ExitStatus> exitStatus(ProcessRecord process) {
    Optional<ExitStatus> written = ExitRecords.read(process.exitRecord());
    if (written.isPresent()
        || Processes.alive(process.shim())
        || Processes.alive(process.process())) {
      return written;
    }
    // The shim may have written it between the two looks.
    return Optional.of(ExitRecords.read(process.exitRecord()).orElseGet(ExitRecords::lost));
  }

  @Override
  public void release(ProcessRecord process) {
    Processes.signal(process.process(), SIGKILL);
    Processes.open(process.shim())
        .ifPresent(
            pidfd -> {
              try (pidfd;
                  Fd released = Syscalls.pidfdGetFd(pidfd.number(), ShimTable.RELEASED)) {
                Syscalls.writeLong(released.number(), 1);
              } catch (LinuxException e) {
                // ESRCH, EBADF: it is ending anyway
                if (e.errno() != Errno.ESRCH && e.errno() != Errno.EBADF) {
                  throw e;
                }
              }
            });
    Processes.end(process.shim(), RELEASE_GRACE_MILLIS);
    clear(process.exitRecord().getParent());
  }

  @Override
  public void delete(TaskRecord task) {
    killAll(task);
    release(task.init());
    cgroup(task).remove();
    clear(task.bundle());
  }

  @Override
  public List<Integer> processes(TaskRecord task) {
    return cgroup(task).processes();
  }

  private static Map<String, String> driverState(
      RuntimeSpec spec, Namespaces namespaces, InitProgram init) {
    Map<String, String> state = new HashMap<>();
    state.put(CGROUP, spec.linux().cgroupsPath());
    state.put(NAMESPACES, Long.toString(namespaces.all()));
    state.put(PROGRAM, spec.process().args().get(0));
    init.filter().ifPresent(slice -> state.put(SECCOMP, slice.toString()));
    return state;
  }

  private Cgroup cgroup(TaskRecord task) {
    return cgroup(task.driverState().get(CGROUP));
  }

  private Cgroup cgroup(String path) {
    String relative = Path.of("/", path).normalize().toString().substring(1);
    if (relative.isEmpty()) {
      throw EngineException.invalid("the runtime spec has no cgroupsPath");
    }
    return cgroups.v2() ? new CgroupV2(cgroups, relative) : new CgroupV1(cgroups, relative);
  }

  private static byte[] filter(TaskRecord task) {
    String slice = task.driverState().get(SECCOMP);
    return slice == null ? null : ImageSlice.parse(slice).read(task.init().shim());
  }

  /**
   * Takes away what this runtime put into a directory, and the directory if nothing else is in it.
   */
  private static void clear(Path directory) {
    try {
      Files.deleteIfExists(directory.resolve(EXIT_RECORD));
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      // others have files there
    } catch (IOException e) {
      throw EngineException.internal("cannot remove " + directory + ": " + e.getMessage(), e);
    }
  }

  private static void check(
      StatusPipe.Message message,
      SyscallProgram program,
      RuntimeSpec.Process process,
      String prefix) {
    if (message.end()) {
      throw EngineException.internal(
          prefix
              + "the init process was killed before the container was complete, perhaps for want of memory",
          null);
    }
    if (message.failure()) {
      throw failure(message, program, process.args().get(0), prefix);
    }
  }

  private static EngineException startFailure(String label, int errno, String file) {
    if (label.startsWith(ExecFailures.DIRECTORY) && errno == Errno.ENOTDIR) {
      String directory = label.substring(label.indexOf('"') + 1, label.lastIndexOf('"'));
      return EngineException.internal("Cannot mkdir: " + directory + " is not a directory", null);
    }
    return ExecFailures.explain(START_FAILED, label, errno, file);
  }

  private static EngineException failure(
      StatusPipe.Message message, SyscallProgram program, String file, String prefix) {
    String label = program.labelAt(message.kind());
    if (label.equals(ExecProgram.JOIN) && message.value() == Errno.ESRCH) {
      return EngineException.conflict("the container has ended meanwhile");
    }
    return ExecFailures.explain(prefix, label, (int) message.value(), file);
  }
}
