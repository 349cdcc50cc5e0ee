// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.auth.Principal;
import io.gantry.api.engine.Drivers.DriverDetails;
import io.gantry.api.engine.Engine;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Names of drivers. */
@Service
public final class DriverCompleter implements Completer {
  @Reference Engine engine;

  @Override
  public int complete(Session session, CommandLine line, List<String> candidates) {
    StringsCompleter names = new StringsCompleter();
    for (DriverDetails driver : engine.as(new Principal("root", "shell")).drivers().list()) {
      names.getStrings().add(driver.name());
    }
    return names.complete(session, line, candidates);
  }
}
