// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.EngineView;
import io.gantry.api.engine.SystemInfo;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

@Service
@Command(scope = "gantry", name = "info", description = "Tells about the engine and its host.")
public final class InfoCommand extends EngineCommand {
  @Override
  void run(EngineView view, PrintStream console) {
    SystemInfo.Info info = view.system().info();
    line(console, "Containers", info.containers());
    line(console, " Running", info.containersRunning());
    line(console, " Paused", info.containersPaused());
    line(console, " Stopped", info.containersStopped());
    line(console, "Images", info.images());
    line(console, "Server Version", info.version().version());
    line(console, "Storage Driver", info.storageDriver());
    line(console, "Logging Driver", info.loggingDriver());
    line(console, "Cgroup Driver", info.cgroupDriver());
    line(console, "Cgroup Version", info.cgroupVersion());
    line(console, "Runtimes", String.join(" ", info.runtimes().keySet()));
    line(console, "Default Runtime", info.defaultRuntime());
    line(console, "Kernel Version", info.kernelVersion());
    line(console, "Operating System", info.operatingSystem());
    line(console, "Architecture", info.architecture());
    line(console, "CPUs", info.cpus());
    line(console, "Total Memory", Wording.size(info.memoryBytes()));
    line(console, "Name", info.name());
    line(console, "ID", info.id());
    line(console, "Docker Root Dir", info.dataRoot());
    info.warnings().forEach(console::println);
  }

  private static void line(PrintStream console, String name, Object value) {
    console.println(name + ": " + value);
  }
}
