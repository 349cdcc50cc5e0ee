// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client of the shell's socket. */
final class ClientConnection implements ClientTerminal, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
  private static final int FAILED = 1;

  private final ByteChannel channel;
  private final FrameChannel frames;
  private final InputQueue input = new InputQueue();
  private volatile TerminalSize size;
  private volatile Runnable resized;

  ClientConnection(ByteChannel channel) {
    this.channel = channel;
    this.frames = new FrameChannel(channel);
  }

  /** Serves the client to its end: reads frames here, runs the program on {@code executor}. */
  void serve(ShellProgram program, Executor executor) {
    FutureTask<Void> task = null;
    try {
      Frame first = frames.read();
      if (first == null) {
        return;
      }
      if (first.type() != FrameType.HELLO) {
        throw new IOException("the client did not begin with a hello");
      }
      Hello hello = Hello.parse(first.text());
      size = hello.size();
      task = new FutureTask<>(() -> run(program, hello), null);
      executor.execute(task);
      for (Frame frame = frames.read(); frame != null; frame = frames.read()) {
        receive(frame);
      }
    } catch (IOException e) {
      LOG.debug("a client of the shell is gone", e);
    } catch (RuntimeException e) {
      refuse(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      input.end();
      if (task != null) {
        task.cancel(true);
      }
      close();
    }
  }

  private void receive(Frame frame) throws IOException, InterruptedException {
    switch (frame.type()) {
      case INPUT -> input.add(frame.payload());
      case INPUT_END -> input.end();
      case RESIZE -> {
        String[] fields = frame.text().split("\0", -1);
        if (fields.length == 2) {
          size = TerminalSize.parse(fields[0], fields[1]);
        }
        Runnable listener = resized;
        if (listener != null) {
          listener.run();
        }
      }
      default -> throw new IOException("a client does not send " + frame.type());
    }
  }

  private void run(ShellProgram program, Hello hello) {
    int code = FAILED;
    try {
      code = program.run(hello, this);
    } catch (Exception e) {
      refuse(e);
    }
    try {
      frames.write(FrameType.EXIT, Integer.toString(code));
    } catch (IOException e) {
      LOG.debug("a client of the shell left before its exit code", e);
    } finally {
      close();
    }
  }

  private void refuse(Exception e) {
    LOG.debug("a client of the shell failed", e);
    PrintStream err = err();
    err.println(e.getMessage() == null ? e.toString() : e.getMessage());
    err.flush();
  }

  PrintStream out() {
    return stream(FrameType.OUTPUT);
  }

  PrintStream err() {
    return stream(FrameType.ERROR);
  }

  FrameOutputStream rawOutput() {
    return new FrameOutputStream(frames, FrameType.OUTPUT);
  }

  private PrintStream stream(FrameType type) {
    FrameOutputStream bytes = new FrameOutputStream(frames, type);
    return new PrintStream(
        new java.io.BufferedOutputStream(bytes, 8192), true, StandardCharsets.UTF_8);
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public TerminalSize size() {
    return size;
  }

  @Override
  public void onResize(Runnable listener) {
    resized = listener;
  }

  @Override
  public void raw(boolean raw) throws IOException {
    frames.write(FrameType.RAW, raw ? "1" : "0");
  }

  @Override
  public void close() {
    input.close();
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a client of the shell", e);
    }
  }
}
