// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.Containers.ProcessTable;
import io.gantry.api.error.EngineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Runs the host's ps, as Docker does, and keeps the container's rows. */
final class HostProcesses {
  private static final int SECONDS = 10;

  private HostProcesses() {}

  static ProcessTable list(List<Integer> pids, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("ps"));
    command.addAll(arguments.isEmpty() ? List.of("-ef") : arguments);
    String output = run(command);
    List<List<String>> rows = new ArrayList<>();
    String[] lines = output.split("\n");
    List<String> titles = List.of(lines[0].strip().split("\\s+"));
    int column = titles.indexOf("PID");
    if (column < 0) {
      throw EngineException.invalid("Couldn't find PID field in ps output");
    }
    Set<String> wanted = new HashSet<>();
    pids.forEach(pid -> wanted.add(pid.toString()));
    for (int i = 1; i < lines.length; i++) {
      String[] fields = lines[i].strip().split("\\s+", titles.size());
      if (fields.length > column && wanted.contains(fields[column])) {
        rows.add(List.of(fields));
      }
    }
    return new ProcessTable(titles, rows);
  }

  private static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new EngineException(
            io.gantry.api.error.ErrorKind.DEADLINE, "ps did not end within " + SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw EngineException.internal("ps: " + output.strip(), null);
      }
      return output;
    } catch (IOException e) {
      throw EngineException.internal("ps cannot be run, install procps: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw EngineException.internal("interrupted while ps ran", e);
    }
  }
}
