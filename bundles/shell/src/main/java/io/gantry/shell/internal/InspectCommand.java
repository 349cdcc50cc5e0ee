// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.EngineView;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

@Service
@Command(
    scope = "gantry",
    name = "inspect",
    description = "Shows containers or images as the engine's own model has them, in JSON.")
public final class InspectCommand extends EngineCommand {
  @Argument(name = "name", required = true, multiValued = true, description = "Containers, images")
  @Completion(ContainerCompleter.class)
  List<String> names;

  @Override
  void run(EngineView view, PrintStream console) {
    List<Object> found = new ArrayList<>();
    for (String name : names) {
      found.add(find(view, name));
    }
    console.println(RecordJson.write(found));
  }

  private static Object find(EngineView view, String name) {
    try {
      return view.containers().inspect(name);
    } catch (EngineException e) {
      if (e.kind() != ErrorKind.NOT_FOUND) {
        throw e;
      }
    }
    try {
      return view.images().inspect(name);
    } catch (EngineException e) {
      throw e.kind() == ErrorKind.NOT_FOUND
          ? new EngineException(ErrorKind.NOT_FOUND, "No such object: " + name, e)
          : e;
    }
  }
}
