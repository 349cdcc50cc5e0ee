// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.Drivers.DriverDetails;
import io.gantry.api.engine.EngineView;
import java.io.PrintStream;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

@Service
@Command(scope = "gantry", name = "drivers", description = "Lists the driver bundles.")
public final class DriversCommand extends EngineCommand {
  @Override
  void run(EngineView view, PrintStream console) {
    print(view.drivers().list(), console);
  }

  static void print(List<DriverDetails> drivers, PrintStream console) {
    Table table = new Table("KIND", "NAME", "STATE", "CALLS", "VERSION", "ID", "BUNDLE");
    for (DriverDetails driver : drivers) {
      table.row(
          driver.kind(),
          driver.name(),
          driver.state(),
          Integer.toString(driver.leases()),
          driver.version(),
          Long.toString(driver.bundleId()),
          driver.bundle());
    }
    table.print(console);
  }
}
