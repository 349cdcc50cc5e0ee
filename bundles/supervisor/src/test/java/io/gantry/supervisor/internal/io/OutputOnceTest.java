// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.engine.Drivers.DriverDetails;
import io.gantry.api.error.EngineException;
import io.gantry.api.logging.LogDriver;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogTarget;
import io.gantry.api.stream.StreamType;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import io.gantry.core.task.TaskRequest;
import io.gantry.linux.Fd;
import io.gantry.linux.Syscalls;
import io.gantry.linux.event.EventLoop;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Output reaches the log exactly once, wherever an engine ends. An engine's end is played by a
 * driver that stops the log worker for ever at a chosen instruction; the next engine opens the same
 * files.
 */
@Timeout(60)
class OutputOnceTest {
  private static final int O_NONBLOCK = 0x800;

  /** Where the engine ends. */
  private enum End {
    BEFORE_THE_APPEND,
    WITHIN_THE_APPEND,
    AFTER_THE_APPEND,
    AFTER_THE_RECORD,
    BETWEEN_SPLICES
  }

  @TempDir Path directory;
  private final EventLoop loop = new EventLoop("gantry-loop-once", (owner, failure) -> {});

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void nothingIsLostOrDoubledWhereverTheEngineEnds() throws Exception {
    Random random = new Random(42);
    Path log = Files.createFile(directory.resolve("log"));
    Fd[] pipe = Syscalls.pipe(O_NONBLOCK);
    StringBuilder expected = new StringBuilder();
    try (Fd in = pipe[0];
        Fd out = pipe[1]) {
      int line = 0;
      for (int round = 0; round < 100; round++) {
        End end = End.values()[round % End.values().length];
        Engine engine = new Engine(log, end);
        for (int writes = random.nextInt(4) + 1; writes > 0; writes--) {
          StringBuilder text = new StringBuilder();
          for (int lines = random.nextInt(30); lines > 0; lines--) {
            text.append("line ").append(line++).append('\n');
          }
          text.append("part of "); // a line that is not complete when the engine ends
          expected.append(text);
          write(out, text.toString());
          engine.fill(in);
        }
        engine.end();
      }
      Engine last = new Engine(log, null);
      last.fill(in);
      last.finish();
    }
    assertEquals(expected.toString(), Files.readString(log));
  }

  private static void write(Fd out, String text) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(text.length());
    bytes.put(text.getBytes(StandardCharsets.US_ASCII)).flip();
    assertEquals(text.length(), Syscalls.writeRaw(out.number(), bytes));
  }

  /** One engine on the files that the one before has left. */
  private final class Engine {
    private final PositionFile positions = PositionFile.open(directory);
    private final OutputSpool spool;
    private final LogPump pump;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread worker;
    private final java.util.concurrent.BlockingQueue<Runnable> tasks =
        new java.util.concurrent.LinkedBlockingQueue<>();
    private final End end;

    Engine(Path log, End end) {
      this.end = end;
      spool =
          new OutputSpool(
              SpoolFile.open(directory.resolve("stdout")),
              SpoolFile.open(directory.resolve("stderr")),
              1 << 20,
              stream -> {});
      spool.replay(StreamType.STDOUT, positions.state().stdout(), 1);
      spool.replay(StreamType.STDERR, positions.state().stderr(), 1);
      Executor executor = tasks::add;
      pump =
          new LogPump(
              new TaskRequest.Log("file", new LogTarget("c", directory, Map.of(), Map.of())),
              new OneDriver(new FileLog(log, this)),
              spool,
              spool.cursorAtStart(),
              positions,
              loop.scope("test"),
              executor,
              new BufferPool());
      worker = new Thread(this::work, "once-worker");
      worker.setDaemon(true);
      worker.start();
      pump.signal();
    }

    private void work() {
      try {
        while (true) {
          tasks.take().run();
          if (end == End.AFTER_THE_RECORD && positions.state().stdout() > 0) {
            stop();
          }
        }
      } catch (InterruptedException e) {
        ended.complete(null);
      }
    }

    /** The worker does nothing any more, as after SIGKILL. */
    void stop() {
      ended.complete(null);
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        throw new ThreadDeathByTest();
      }
    }

    void fill(Fd in) {
      while (spool.fill(StreamType.STDOUT, in, 64, 2) > 0) {
        pump.signal();
      }
    }

    void end() throws Exception {
      if (end == End.BETWEEN_SPLICES || end == End.AFTER_THE_RECORD) {
        Thread.sleep(2);
      } else {
        ended.completeOnTimeout(null, 100, TimeUnit.MILLISECONDS).get();
      }
      worker.interrupt();
      worker.join();
      spool.close();
      positions.close();
    }

    void finish() throws Exception {
      spool.finish();
      pump.signal();
      pump.done().get(10, TimeUnit.SECONDS);
      worker.interrupt();
      worker.join();
      positions.close();
    }
  }

  /** Ends a worker of the test. */
  private static final class ThreadDeathByTest extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** A log that is the bytes themselves; its offset is the position. */
  private record FileLog(Path file, Engine engine) implements LogDriver {
    @Override
    public void validate(Map<String, String> driverOptions) {
      throw new UnsupportedOperationException("validate");
    }

    @Override
    public LogPosition append(LogTarget target, LogPosition from, List<LogEntry> entries) {
      try {
        if (engine.end == End.BEFORE_THE_APPEND) {
          engine.stop();
        }
        try (var log = new java.io.RandomAccessFile(file.toFile(), "rw")) {
          assertTrue(log.length() >= from.offset(), "the log is shorter than its position");
          log.setLength(from.offset());
          log.seek(from.offset());
          for (LogEntry entry : entries) {
            log.write(entry.line());
            if (entry.complete()) {
              log.write('\n');
            }
            if (engine.end == End.WITHIN_THE_APPEND) {
              engine.stop();
            }
          }
          if (engine.end == End.AFTER_THE_APPEND) {
            engine.stop();
          }
          return new LogPosition(0, log.getFilePointer());
        }
      } catch (java.io.IOException e) {
        throw EngineException.internal("test log", e);
      }
    }

    @Override
    public void release(LogTarget target) {
      throw new UnsupportedOperationException("release");
    }

    @Override
    public void remove(LogTarget target) {
      throw new UnsupportedOperationException("remove");
    }
  }

  private record OneDriver(LogDriver driver) implements DriverRegistry {
    @Override
    public <D, R> R call(DriverKind<D> kind, String name, Function<? super D, R> call) {
      return call.apply(kind.type().cast(driver));
    }

    @Override
    public List<String> names(DriverKind<?> kind) {
      return List.of("file");
    }

    @Override
    public List<DriverDetails> list() {
      return List.of();
    }

    @Override
    public DriverDetails update(String name, Path jar) {
      throw new UnsupportedOperationException("update");
    }
  }
}
