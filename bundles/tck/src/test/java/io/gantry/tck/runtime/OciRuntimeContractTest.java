// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.api.error.EngineException;
import io.gantry.api.runtime.CreateRequest;
import io.gantry.api.runtime.ExecRequest;
import io.gantry.api.runtime.ExitStatus;
import io.gantry.api.runtime.OciRuntime;
import io.gantry.api.runtime.ProcessRecord;
import io.gantry.api.runtime.TaskRecord;
import io.gantry.tck.ContractRun;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The contract finds what is wrong with runtimes that are broken on purpose. */
class OciRuntimeContractTest {
  @Test
  void findsARuntimeThatDoesNotWaitForTheStart() {
    assertEquals(
        Set.of(
            "theUsersProgramWaitsForItsStart",
            "aMissingProgramIsRefused",
            "aFailingCommitLeavesNothing"),
        ContractRun.of(Impatient.class).failed());
  }

  @Test
  void findsARuntimeThatLeavesItsProcesses() {
    assertEquals(
        Set.of(
            "deletingEndsWhatRunsAndCanBeRepeated",
            "aContainerCanBeDeletedBeforeItsStart",
            "allProcessesCanBeKilledAtOnce"),
        ContractRun.of(LeavesProcesses.class).failed());
  }

  @Test
  void findsARuntimeThatTellsSignalsAsCodes() {
    assertEquals(
        Set.of(
            "aKilledProcessTellsItsSignal",
            "eachStepMayBeTakenByAnotherInstance",
            "allProcessesCanBeKilledAtOnce"),
        ContractRun.of(ForgetsSignals.class).failed());
  }

  @Test
  void findsARuntimeThatExecutesInTheDead() {
    assertEquals(
        Set.of(
            "nothingIsExecutedInAContainerThatHasEnded", "aFailingExecLeavesTheContainerAsItWas"),
        ContractRun.of(ExecutesInTheDead.class).failed());
  }

  static class Impatient extends OnMapOfProcesses {
    @Override
    OciRuntime runtime(PlainRuntime.Kernel kernel) {
      return new PlainRuntime(kernel) {
        @Override
        public TaskRecord create(CreateRequest request, Consumer<TaskRecord> committer) {
          TaskRecord task = super.create(request, record -> {});
          super.start(task);
          committer.accept(task);
          return task;
        }
      };
    }
  }

  static class LeavesProcesses extends OnMapOfProcesses {
    @Override
    OciRuntime runtime(PlainRuntime.Kernel kernel) {
      return new PlainRuntime(kernel) {
        @Override
        public void killAll(TaskRecord task) {
          // forgotten
        }
      };
    }

    /** Does not wait 20 seconds for what never ends. */
    @Override
    protected java.time.Duration patience() {
      return java.time.Duration.ofMillis(50);
    }
  }

  static class ForgetsSignals extends OnMapOfProcesses {
    @Override
    OciRuntime runtime(PlainRuntime.Kernel kernel) {
      return new PlainRuntime(kernel) {
        @Override
        public Optional<ExitStatus> exitStatus(ProcessRecord process) {
          return super.exitStatus(process)
              .map(s -> new ExitStatus(s.code(), 0, s.coreDumped(), s.known(), s.exitedAt()));
        }
      };
    }
  }

  static class ExecutesInTheDead extends OnMapOfProcesses {
    @Override
    OciRuntime runtime(PlainRuntime.Kernel kernel) {
      return new PlainRuntime(kernel) {
        @Override
        public ProcessRecord exec(
            TaskRecord task, ExecRequest request, Consumer<ProcessRecord> committer) {
          try {
            return super.exec(task, request, committer);
          } catch (EngineException e) {
            return task.init();
          }
        }
      };
    }
  }
}
