// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.EngineView;
import io.gantry.api.engine.LogsRequest;
import io.gantry.api.logging.LogQuery;
import io.gantry.api.stream.Subscription;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

@Service
@Command(scope = "gantry", name = "logs", description = "Prints a container's log.")
public final class LogsCommand extends EngineCommand {
  @Option(name = "-f", aliases = "--follow", description = "Go on with what comes")
  boolean follow;

  @Option(name = "-n", aliases = "--tail", description = "The last lines only")
  long tail = -1;

  @Argument(name = "container", required = true, description = "A container")
  @Completion(ContainerCompleter.class)
  String container;

  @Override
  void run(EngineView view, PrintStream console) throws Exception {
    ConsoleOutput output = new ConsoleOutput(console);
    LogsRequest request = new LogsRequest(new LogQuery(true, true, 0, 0, tail), follow);
    try (Subscription delivery = view.containers().logs(container, request, output.logSink())) {
      output.drain();
    }
  }
}
