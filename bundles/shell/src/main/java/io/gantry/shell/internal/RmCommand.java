// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.EngineView;
import java.io.PrintStream;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

@Service
@Command(scope = "gantry", name = "rm", description = "Removes containers.")
public final class RmCommand extends EngineCommand {
  @Option(name = "-f", aliases = "--force", description = "Kill it first if it runs")
  boolean force;

  @Option(name = "-v", aliases = "--volumes", description = "Its anonymous volumes as well")
  boolean volumes;

  @Argument(name = "container", required = true, multiValued = true, description = "Containers")
  @Completion(ContainerCompleter.class)
  List<String> names;

  @Override
  void run(EngineView view, PrintStream console) {
    forEach(names, console, name -> view.containers().remove(name, force, volumes));
  }
}
