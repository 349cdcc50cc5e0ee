// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.engine.Containers;
import io.gantry.api.engine.Drivers;
import io.gantry.api.engine.Engine;
import io.gantry.api.engine.EngineView;
import io.gantry.api.engine.ExecDetails;
import io.gantry.api.engine.Execs;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.stream.InputSink;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.StreamType;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.karaf.shell.api.console.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class CommandsTest {
  private final Map<String, Object> variables = new HashMap<>();
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream console = new PrintStream(printed, true, StandardCharsets.UTF_8);
  private final Session session =
      answering(
          Session.class,
          (method, arguments) ->
              switch (method) {
                case "getConsole" -> console;
                case "get" -> variables.get(arguments[0]);
                case "put" -> variables.put((String) arguments[0], arguments[1]);
                default -> throw new AssertionError(method);
              });

  /** What a fake answers to a call. */
  private interface Answer {
    Object to(String method, Object[] arguments);
  }

  private static <T> T answering(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> answer.to(method.getName(), arguments)));
  }

  private void execute(EngineCommand command, String part, Object service) throws Exception {
    EngineView view =
        answering(
            EngineView.class,
            (method, arguments) -> {
              assertEquals(part, method);
              return service;
            });
    command.engine =
        answering(
            Engine.class,
            (method, arguments) -> {
              assertEquals("Principal[name=root, door=shell]", arguments[0].toString());
              return view;
            });
    command.session = session;
    command.execute();
  }

  private String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }

  @Test
  void driversAreListed() throws Exception {
    Drivers drivers =
        answering(
            Drivers.class,
            (method, arguments) ->
                List.of(
                    new Drivers.DriverDetails(
                        "storage", "vfs", "gantry-storage-vfs", "0.1.0", 41, "ACTIVE", 2)));
    execute(new DriversCommand(), "drivers", drivers);
    assertEquals(
        """
        KIND      NAME   STATE    CALLS   VERSION   ID   BUNDLE
        storage   vfs    ACTIVE   2       0.1.0     41   gantry-storage-vfs
        """,
        printed());
  }

  @Test
  void stopGoesThroughAllAndFailsWithTheFirstFailure() {
    Containers containers =
        answering(
            Containers.class,
            (method, arguments) -> {
              if ("gone".equals(arguments[0])) {
                throw EngineException.notFound("No such container: gone");
              }
              if ("ended".equals(arguments[0])) {
                throw new EngineException(ErrorKind.NOT_MODIFIED, "it does not run");
              }
              return null;
            });
    StopCommand stop = new StopCommand();
    stop.names = List.of("a", "gone", "ended");
    EngineException failure =
        assertThrows(EngineException.class, () -> execute(stop, "containers", containers));
    assertEquals("No such container: gone", failure.getMessage());
    assertEquals("a\nended\n", printed());
  }

  @Test
  void execPrintsTheOutputAndEndsAsItsProcess() throws Exception {
    execute(exec(), "execs", new FakeExecs());
    assertEquals("out", printed());
    assertEquals(3, variables.get(ExitCode.VARIABLE));
  }

  @Test
  void execOfWhatIsNotThereEndsWith127() {
    FakeExecs execs = new FakeExecs();
    execs.failure = EngineException.invalid("exec: \"x\": executable file not found in $PATH");
    assertThrows(EngineException.class, () -> execute(exec(), "execs", execs));
    assertEquals(127, variables.get(ExitCode.VARIABLE));
  }

  private static ExecCommand exec() {
    ExecCommand exec = new ExecCommand();
    exec.container = "c";
    exec.command = List.of("x");
    return exec;
  }

  private static final class FakeExecs implements Execs {
    private EngineException failure;

    @Override
    public String create(String container, io.gantry.api.engine.ExecSpec spec) {
      assertEquals("c", container);
      assertEquals(List.of("x"), spec.cmd());
      return "id";
    }

    @Override
    public AttachedStreams start(String id, OutputSink output, Integer height, Integer width) {
      if (failure != null) {
        throw failure;
      }
      output
          .write(StreamType.STDOUT, ByteBuffer.wrap("out".getBytes(StandardCharsets.UTF_8)))
          .thenRun(() -> output.end(null));
      return new AttachedStreams(new NoInput(), false, () -> {});
    }

    @Override
    public void resize(String id, int height, int width) {
      throw new AssertionError("it has no terminal");
    }

    @Override
    public ExecDetails inspect(String id) {
      return new ExecDetails(id, "c", null, false, 3, 0);
    }
  }

  private static final class NoInput implements InputSink {
    @Override
    public CompletionStage<Void> write(ByteBuffer bytes) {
      return CompletableFuture.failedFuture(new AssertionError("no input was asked for"));
    }

    @Override
    public void end() {}
  }
}
