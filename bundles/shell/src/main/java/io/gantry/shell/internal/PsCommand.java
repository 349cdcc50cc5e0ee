// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.EngineView;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

@Service
@Command(scope = "gantry", name = "ps", description = "Lists containers.")
public final class PsCommand extends EngineCommand {
  @Option(name = "-a", aliases = "--all", description = "Those that do not run as well")
  boolean all;

  @Option(name = "-q", aliases = "--quiet", description = "Ids alone")
  boolean quiet;

  @Override
  void run(EngineView view, PrintStream console) {
    List<ContainerDetails> containers = view.containers().list(all);
    if (quiet) {
      containers.forEach(container -> console.println(Wording.shortId(container.id())));
      return;
    }
    Instant now = Instant.now();
    Table table = new Table("CONTAINER ID", "IMAGE", "COMMAND", "CREATED", "STATUS", "NAMES");
    for (ContainerDetails container : containers) {
      table.row(
          Wording.shortId(container.id()),
          container.spec().image(),
          Wording.command(container.path(), container.args()),
          Wording.ago(container.created(), now),
          Wording.status(container.state(), now),
          container.name());
    }
    table.print(console);
  }
}
