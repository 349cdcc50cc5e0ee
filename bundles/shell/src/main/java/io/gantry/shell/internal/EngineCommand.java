// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.auth.Principal;
import io.gantry.api.engine.Engine;
import io.gantry.api.engine.EngineView;
import io.gantry.api.error.EngineException;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.console.Session;

/** What the commands have in common: the engine as root sees it, and the session's console. */
abstract class EngineCommand implements Action {
  private static final Principal ROOT = new Principal("root", "shell");

  @Reference Engine engine;
  @Reference Session session;

  @Override
  public final Object execute() throws Exception {
    run(engine.as(ROOT), session.getConsole());
    session.getConsole().flush();
    return null;
  }

  abstract void run(EngineView view, PrintStream console) throws Exception;

  /** What a command does for each of several objects. */
  @FunctionalInterface
  interface Step {
    void apply(String name);
  }

  /** Goes through all; those that fail are told, and then the first failure ends the command. */
  static void forEach(Iterable<String> names, PrintStream console, Step step) {
    EngineException failure = null;
    for (String name : names) {
      try {
        step.apply(name);
        console.println(name);
      } catch (EngineException e) {
        if (ExitCode.of(e.kind()) == 0) {
          console.println(name);
        } else if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
          console.println("Error: " + e.getMessage());
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
