// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.continuity;

import io.gantry.itests.harness.Shell;
import io.gantry.itests.harness.TestEngine;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client that starts one container after the other and remembers what failed. */
final class RunLoop extends Thread {
  private final TestEngine engine;
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private volatile boolean wanted = true;
  private volatile int runs;

  RunLoop(TestEngine engine, String name) {
    super(name);
    this.engine = engine;
  }

  @Override
  public void run() {
    int done = 0;
    while (wanted) {
      Shell.Outcome outcome = engine.tryDocker("run", "--rm", "busybox", "true");
      if (outcome.exitCode() != 0 || !outcome.stderr().isEmpty()) {
        failures.add(outcome.toString());
      }
      runs = ++done;
    }
  }

  /** Ends after the container at hand. */
  void finish() throws InterruptedException {
    wanted = false;
    join();
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  int runs() {
    return runs;
  }
}
