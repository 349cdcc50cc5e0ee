// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.EngineView;
import io.gantry.api.engine.ExecSpec;
import io.gantry.api.error.EngineException;
import java.io.PrintStream;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

@Service
@Command(scope = "gantry", name = "exec", description = "Runs a program in a running container.")
public final class ExecCommand extends EngineCommand {
  @Option(name = "-i", aliases = "--interactive", description = "Give it this stdin")
  boolean interactive;

  @Option(name = "-t", aliases = "--tty", description = "Give it a terminal")
  boolean tty;

  @Option(name = "-it", aliases = "-ti", description = "Both")
  boolean interactiveTerminal;

  @Option(name = "-u", aliases = "--user", description = "User, or user:group")
  String user;

  @Option(name = "-w", aliases = "--workdir", description = "Working directory")
  String directory;

  @Option(name = "-e", aliases = "--env", multiValued = true, description = "NAME=value")
  List<String> env = List.of();

  @Argument(index = 0, name = "container", required = true, description = "A container")
  @Completion(ContainerCompleter.class)
  String container;

  @Argument(
      index = 1,
      name = "command",
      required = true,
      multiValued = true,
      description = "The program and its arguments")
  List<String> command;

  @Override
  void run(EngineView view, PrintStream console) throws Exception {
    boolean terminal = tty || interactiveTerminal;
    boolean stdin = interactive || interactiveTerminal;
    String id =
        view.execs()
            .create(
                container,
                new ExecSpec(
                    command, env, user, directory, terminal, stdin, true, true, false, null));
    ClientTerminal client = (ClientTerminal) session.get(ClientTerminal.VARIABLE);
    ConsoleOutput output = new ConsoleOutput(console);
    boolean sized = terminal && client != null;
    AttachedStreams streams;
    try {
      streams =
          view.execs()
              .start(
                  id,
                  output,
                  sized ? client.size().rows() : null,
                  sized ? client.size().columns() : null);
    } catch (EngineException e) {
      session.put(ExitCode.VARIABLE, ExitCode.ofStart(e.getMessage()));
      throw e;
    }
    new JoinedProcess(client, output, terminal, stdin)
        .run(streams, (height, width) -> view.execs().resize(id, height, width));
    session.put(ExitCode.VARIABLE, view.execs().inspect(id).exitCode());
  }
}
