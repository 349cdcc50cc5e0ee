// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.EngineView;
import java.io.PrintStream;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;

@Service
@Command(
    scope = "gantry",
    name = "driver-update",
    description = "Puts another jar in the place of a driver's, while containers run.")
public final class DriverUpdateCommand extends EngineCommand {
  @Argument(index = 0, name = "driver", required = true, description = "Name or symbolic name")
  @Completion(DriverCompleter.class)
  String driver;

  @Argument(index = 1, name = "jar", required = true, description = "A file on this machine")
  @Completion(FileCompleter.class)
  String jar;

  @Override
  void run(EngineView view, PrintStream console) {
    DriversCommand.print(
        List.of(view.drivers().update(driver, session.currentDir().resolve(jar))), console);
  }
}
