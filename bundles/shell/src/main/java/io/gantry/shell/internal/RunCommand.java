// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.Containers;
import io.gantry.api.engine.Containers.WaitCondition;
import io.gantry.api.engine.Containers.WaitResult;
import io.gantry.api.engine.EngineView;
import io.gantry.api.error.EngineException;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

@Service
@Command(scope = "gantry", name = "run", description = "Makes a container and starts it.")
public final class RunCommand extends EngineCommand {
  @Option(name = "-d", aliases = "--detach", description = "Do not wait; print its id")
  boolean detach;

  @Option(name = "--rm", description = "Remove it when it ends")
  boolean remove;

  @Option(name = "-i", aliases = "--interactive", description = "Give it this stdin")
  boolean interactive;

  @Option(name = "-t", aliases = "--tty", description = "Give it a terminal")
  boolean tty;

  @Option(name = "-it", aliases = "-ti", description = "Both")
  boolean interactiveTerminal;

  @Option(name = "--name", description = "Its name")
  String name;

  @Option(name = "-u", aliases = "--user", description = "User, or user:group")
  String user;

  @Option(name = "-w", aliases = "--workdir", description = "Working directory")
  String directory;

  @Option(name = "--network", description = "bridge, none or host")
  String network = "default";

  @Option(name = "-e", aliases = "--env", multiValued = true, description = "NAME=value")
  List<String> env = List.of();

  @Option(name = "-v", aliases = "--volume", multiValued = true, description = "SOURCE:TARGET")
  List<String> binds = List.of();

  @Argument(index = 0, name = "image", required = true, description = "An image")
  @Completion(ImageCompleter.class)
  String image;

  @Argument(
      index = 1,
      name = "command",
      multiValued = true,
      description = "The program and its arguments; the image's otherwise")
  List<String> command;

  @Override
  void run(EngineView view, PrintStream console) throws Exception {
    boolean terminal = tty || interactiveTerminal;
    boolean stdin = interactive || interactiveTerminal;
    session.put(ExitCode.VARIABLE, ExitCode.NOT_RUN);
    Containers containers = view.containers();
    Containers.Created created = containers.create(name, RunSpec.of(this, terminal, stdin));
    created.warnings().forEach(warning -> console.println("WARNING: " + warning));
    String id = created.id();
    if (detach) {
      start(containers, id);
      console.println(id);
      session.put(ExitCode.VARIABLE, 0);
      return;
    }
    ClientTerminal client = (ClientTerminal) session.get(ClientTerminal.VARIABLE);
    ConsoleOutput output = new ConsoleOutput(console);
    AttachedStreams streams =
        containers.attach(id, new AttachRequest(false, true, stdin, true, true, null), output);
    CompletionStage<WaitResult> end =
        containers.waitFor(id, remove ? WaitCondition.REMOVED : WaitCondition.NEXT_EXIT);
    try {
      start(containers, id);
    } catch (EngineException e) {
      streams.subscription().close();
      throw e;
    }
    if (terminal && client != null) {
      containers.resize(id, client.size().rows(), client.size().columns());
    }
    new JoinedProcess(client, output, terminal, stdin)
        .run(streams, (height, width) -> containers.resize(id, height, width));
    WaitResult result = end.toCompletableFuture().get();
    session.put(ExitCode.VARIABLE, result.exitCode());
  }

  /** What never ran although --rm was asked for, the engine has removed already. */
  private void start(Containers containers, String id) {
    try {
      containers.start(id);
    } catch (EngineException e) {
      session.put(ExitCode.VARIABLE, ExitCode.ofStart(e.getMessage()));
      throw e;
    }
  }
}
