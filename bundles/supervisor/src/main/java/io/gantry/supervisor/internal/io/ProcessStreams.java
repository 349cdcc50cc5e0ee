// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.api.engine.AttachRequest;
import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.stream.OutputSink;
import io.gantry.api.stream.StreamType;
import io.gantry.core.task.TaskRequest;
import io.gantry.linux.Fd;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import io.gantry.linux.event.Timer;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The streams of one process, of a task or an exec: the clients that joined them (which may be
 * before the process is there), its spool, its log. Its state is the loop's thread's alone; public
 * methods may be called from any thread.
 */
public final class ProcessStreams {
  private static final long SPOOL_CAPACITY = 4 * 1024 * 1024;
  private static final int TIOCSWINSZ = 0x5414;

  /** How long to wait for more when the process is gone but others hold its pipe. */
  private static final Duration GRACE = Duration.ofMillis(100);

  private static final int MAX_GRACES = 20;

  /** How long a process's end waits for those who do not take its last output. */
  private static final int MAX_PAUSED_GRACES = 150;

  private final StreamContext context;
  private final boolean terminal;
  private final ProcessInput input;
  private final List<AttachClient> clients = new ArrayList<>();
  private final List<StreamReader> readers = new ArrayList<>();
  private final CompletableFuture<Void> drained = new CompletableFuture<>();
  private ShimHandle handle;
  private volatile OutputSpool spool;
  private volatile LogPump pump;
  private int height;
  private int width;
  private boolean failed;
  private boolean held;

  public ProcessStreams(StreamContext context, boolean terminal) {
    this.context = context;
    this.terminal = terminal;
    this.input = new ProcessInput(terminal, context.events(), context.buffers());
  }

  public boolean terminal() {
    return terminal;
  }

  /**
   * Connects them with a process.
   *
   * @param spoolDirectory where the spool is or will be
   * @param log null for no log
   * @param position of the container's log; null without a log
   * @return completes when a terminal has its size and the clients that came before are joined
   */
  public CompletableFuture<Void> connect(
      ShimHandle shim,
      TaskRequest.StdinMode stdin,
      Path spoolDirectory,
      TaskRequest.Log log,
      PositionFile position) {
    SpoolFile stdout = SpoolFile.open(spoolDirectory.resolve("stdout"));
    SpoolFile stderr = terminal ? null : SpoolFile.open(spoolDirectory.resolve("stderr"));
    OutputSpool output =
        new OutputSpool(
            stdout, stderr, SPOOL_CAPACITY, stream -> context.events().execute(() -> room(stream)));
    if (log != null) {
      long now = LogPump.nanos(Instant.now());
      output.replay(StreamType.STDOUT, position.state().stdout(), now);
      output.replay(StreamType.STDERR, position.state().stderr(), now);
      pump =
          new LogPump(
              log,
              context.drivers(),
              output,
              output.cursorAtStart(),
              position,
              context.events(),
              context.logWorkers(),
              context.buffers());
    }
    CompletableFuture<Void> connected = new CompletableFuture<>();
    context
        .events()
        .execute(
            () -> {
              begin(shim, stdin, output);
              connected.complete(null);
            });
    return connected;
  }

  private void begin(ShimHandle shim, TaskRequest.StdinMode stdin, OutputSpool output) {
    handle = shim;
    spool = output;
    input.connect(shim, stdin);
    if (height > 0) {
      applySize();
    }
    for (AttachClient client : clients) {
      client.join(spool, spool.cursorAtEnd());
    }
    addReader(StreamType.STDOUT, shim.stdout());
    if (!terminal) {
      addReader(StreamType.STDERR, shim.stderr());
    }
    readers.forEach(StreamReader::begin);
    changed();
  }

  private void addReader(StreamType stream, Fd descriptor) {
    if (descriptor != null) {
      readers.add(
          new StreamReader(
              stream,
              descriptor,
              terminal,
              spool,
              context.events(),
              context.buffers(),
              this::changed));
    }
  }

  private void changed() {
    if (pump != null) {
      pump.signal();
    }
    for (AttachClient client : List.copyOf(clients)) {
      client.pump();
    }
  }

  private void room(StreamType stream) {
    int index = stream == StreamType.STDERR ? 1 : 0;
    if (index < readers.size()) {
      readers.get(index).room();
    }
  }

  /** Clients that got everything are kept until {@link #letGo}. */
  public void hold() {
    context.events().execute(() -> held = true);
  }

  public void letGo() {
    context
        .events()
        .execute(
            () -> {
              held = false;
              changed();
            });
  }

  /** Joins a client. */
  public AttachedStreams attach(AttachRequest request, OutputSink sink) {
    DetachKeys keys = terminal && request.stdin() ? DetachKeys.parse(request.detachKeys()) : null;
    AttachClient[] self = new AttachClient[1];
    AttachClient client =
        new AttachClient(
            request,
            sink,
            input,
            keys,
            context.events(),
            context.buffers(),
            () -> !held,
            () -> clients.remove(self[0]));
    self[0] = client;
    context.events().execute(() -> enter(client, request));
    return new AttachedStreams(client, terminal, client);
  }

  private void enter(AttachClient client, AttachRequest request) {
    if (failed) {
      client.end(null);
      return;
    }
    clients.add(client);
    if (spool == null) {
      return; // joins when the process is there
    }
    if (request.logs() && pump != null) {
      joinBehindLog(client, request);
    } else if (request.stream()) {
      client.join(spool, spool.cursorAtEnd());
    } else {
      client.finishAfterThis();
    }
  }

  private void joinBehindLog(AttachClient client, AttachRequest request) {
    CompletableFuture<Void> unused =
        pump.junction()
            .thenAccept(
                junction ->
                    new LogReplay(context, pump.log(), junction.end(), client)
                        .run()
                        .whenComplete(
                            (done, failure) ->
                                context
                                    .events()
                                    .execute(() -> goOn(client, request, junction, failure))));
  }

  private void goOn(
      AttachClient client, AttachRequest request, LogPump.Junction junction, Throwable failure) {
    if (failure != null) {
      if (junction.rest() != null) {
        junction.rest().close();
      }
      client.end(failure);
      return;
    }
    client.ahead(StreamType.STDOUT, ByteBuffer.wrap(junction.pendingStdout()));
    client.ahead(StreamType.STDERR, ByteBuffer.wrap(junction.pendingStderr()));
    if (request.stream() && junction.rest() != null) {
      client.join(spool, junction.rest());
    } else {
      if (junction.rest() != null) {
        junction.rest().close();
      }
      client.finishAfterThis();
    }
  }

  /** The size that the terminal begins with, unless a client has said another. */
  public void initialSize(int rows, int columns) {
    context
        .events()
        .execute(
            () -> {
              if (height == 0) {
                height = rows;
                width = columns;
              }
            });
  }

  /** Sets the size of the terminal, now or when it is there. */
  public void resize(int rows, int columns) {
    context
        .events()
        .execute(
            () -> {
              height = rows;
              width = columns;
              if (handle != null) {
                applySize();
              }
            });
  }

  private void applySize() {
    if (!terminal || handle.stdout() == null || !handle.stdout().open()) {
      return;
    }
    try (NativeMemory size = NativeMemory.allocate(8)) {
      size.setShort(0, (short) height).setShort(2, (short) width);
      Syscalls.raw(Syscall.IOCTL, handle.stdout().number(), TIOCSWINSZ, size.address(), 0, 0, 0);
    }
  }

  /**
   * The process ended: takes what is left of its output.
   *
   * @return completes when nothing more comes and, where there is a log, all of it is there
   */
  public CompletableFuture<Void> drain() {
    context
        .events()
        .execute(
            () -> {
              input.close();
              drainStep(0, 0);
            });
    return drained;
  }

  private void drainStep(int graces, int pausedGraces) {
    boolean any = false;
    boolean paused = false;
    for (StreamReader reader : readers) {
      while (reader.read()) {
        any = true;
      }
      paused |= reader.paused();
    }
    if (readers.stream().allMatch(StreamReader::ended)) {
      finish();
    } else if (paused && pausedGraces < MAX_PAUSED_GRACES) {
      context.events().schedule(GRACE, () -> drainStep(graces, pausedGraces + 1));
    } else if (!paused && (any || graces == 0) && graces < MAX_GRACES) {
      context.events().schedule(GRACE, () -> drainStep(graces + 1, pausedGraces));
    } else {
      readers.forEach(StreamReader::end);
      finish();
    }
  }

  private void finish() {
    if (spool != null) {
      spool.finish();
    }
    if (handle != null) {
      handle.close();
    }
    changed();
    if (pump == null) {
      drained.complete(null);
    } else {
      LogPump log = pump;
      Timer patience =
          context.events().schedule(GRACE.multipliedBy(MAX_PAUSED_GRACES), log::abandon);
      CompletableFuture<Void> unused =
          log.done()
              .thenRun(
                  () -> {
                    patience.cancel();
                    drained.complete(null);
                  });
    }
  }

  /** The process was not started: clients that joined early are let go. */
  public void fail() {
    context
        .events()
        .execute(
            () -> {
              failed = true;
              input.close();
              readers.forEach(StreamReader::end);
              if (spool != null) {
                spool.finish();
              }
              if (handle != null) {
                handle.close();
              }
              for (AttachClient client : List.copyOf(clients)) {
                client.end(null);
              }
              if (pump != null) {
                pump.abandon();
                pump.signal();
              }
            });
  }

  /** This engine ends; its last batch has been logged. What was not stays for the next. */
  public void abandon() {
    if (spool != null) {
      spool.close();
    }
  }

  /** Where the log ends now; empty without a log. */
  public Optional<LogPosition> logEnd() {
    LogPump log = pump;
    return log == null ? Optional.empty() : Optional.of(log.position());
  }

  /** Calls {@code action} when the log is longer than {@code seen}, or at its end. */
  public void whenLogged(LogPosition seen, Runnable action) {
    pump.whenAppended(seen, action);
  }

  /** Whether {@code action} was still to be called. */
  boolean cancelWhenLogged(Runnable action) {
    LogPump log = pump;
    return log != null && log.cancelWhenAppended(action);
  }

  /** Whether the log is complete. */
  public boolean logDone() {
    LogPump log = pump;
    return log == null || log.done().isDone();
  }
}
