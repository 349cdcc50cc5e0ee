// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.engine.AttachedStreams;
import io.gantry.api.stream.InputSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The client's terminal joined to a process in a container, until its output ends. */
final class JoinedProcess {
  private static final Logger LOG = LoggerFactory.getLogger(JoinedProcess.class);
  private static final int CHUNK = 32 * 1024;

  /** Sets the size of the process's terminal. */
  @FunctionalInterface
  interface Resize {
    void to(int height, int width);
  }

  private final ClientTerminal terminal;
  private final ConsoleOutput output;
  private final boolean tty;
  private final boolean stdin;

  JoinedProcess(ClientTerminal terminal, ConsoleOutput output, boolean tty, boolean stdin) {
    this.terminal = terminal;
    this.output = output;
    this.tty = tty && terminal != null;
    this.stdin = stdin && terminal != null;
  }

  void run(AttachedStreams streams, Resize resize) throws Exception {
    Pump pump = new Pump(streams.input());
    if (tty) {
      terminal.raw(true);
      terminal.onResize(() -> resize.to(terminal.size().rows(), terminal.size().columns()));
    }
    try {
      if (stdin) {
        Thread thread = new Thread(pump, "gantry-shell-input");
        thread.setDaemon(true);
        thread.start();
      }
      output.drain();
    } finally {
      pump.stop();
      streams.subscription().close();
      if (tty) {
        terminal.onResize(null);
        terminal.raw(false);
      }
    }
  }

  /** Carries the client's input; interrupted when the process has ended. */
  private final class Pump implements Runnable {
    private final InputSink sink;
    private Thread thread;
    private boolean stopped;

    Pump(InputSink sink) {
      this.sink = sink;
    }

    synchronized void stop() {
      stopped = true;
      if (thread != null) {
        thread.interrupt();
      }
    }

    private synchronized boolean begin() {
      thread = Thread.currentThread();
      return !stopped;
    }

    @Override
    public void run() {
      if (!begin()) {
        return;
      }
      InputStream input = terminal.input();
      byte[] bytes = new byte[CHUNK];
      try {
        // At most what is there: JLine's stream waits to fill the array otherwise.
        for (int b = input.read(); b >= 0; b = input.read()) {
          bytes[0] = (byte) b;
          int more = Math.min(input.available(), CHUNK - 1);
          int count = more > 0 ? Math.max(0, input.read(bytes, 1, more)) : 0;
          sink.write(ByteBuffer.wrap(bytes.clone(), 0, count + 1)).toCompletableFuture().get();
        }
        sink.end();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IOException | ExecutionException e) {
        LOG.debug("the process reads no more, or its client is gone", e);
      }
    }
  }
}
