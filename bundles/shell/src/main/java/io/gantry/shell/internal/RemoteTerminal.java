// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.karaf.shell.api.console.SignalListener;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.impl.LineDisciplineTerminal;

/**
 * A client's terminal as JLine and Karaf want it: the line discipline is here, not at the client.
 */
final class RemoteTerminal extends LineDisciplineTerminal
    implements org.apache.karaf.shell.api.console.Terminal, ClientTerminal {
  private static final int CHUNK = 1024;

  private final ClientConnection client;
  private final Map<SignalListener, EnumSet<org.apache.karaf.shell.api.console.Signal>> listeners =
      new ConcurrentHashMap<>();
  private volatile Runnable resized;
  private Attributes before;

  RemoteTerminal(String type, ClientConnection client) throws IOException {
    super("gantry", type, client.rawOutput(), StandardCharsets.UTF_8);
    this.client = client;
    adopt(client.size());
    handle(Signal.INT, signal -> tell(org.apache.karaf.shell.api.console.Signal.INT));
    handle(Signal.WINCH, signal -> tell(org.apache.karaf.shell.api.console.Signal.WINCH));
    client.onResize(this::resize);
  }

  private void adopt(TerminalSize size) {
    setSize(new Size(size.columns(), size.rows()));
  }

  private void resize() {
    adopt(client.size());
    raise(Signal.WINCH);
    Runnable listener = resized;
    if (listener != null) {
      listener.run();
    }
  }

  private void tell(org.apache.karaf.shell.api.console.Signal signal) {
    listeners.forEach(
        (listener, signals) -> {
          if (signals.contains(signal)) {
            listener.signal(signal);
          }
        });
  }

  /** Carries the client's keys into the line discipline until the client goes. */
  void feed() {
    byte[] bytes = new byte[CHUNK];
    try {
      for (int n = client.input().read(bytes); n >= 0; n = client.input().read(bytes)) {
        processInputBytes(bytes, 0, n);
      }
      slaveInput.close();
    } catch (IOException e) {
      // the session has ended, or its client is gone: either way nobody types any more
      hangUp();
    }
  }

  void hangUp() {
    try {
      slaveInput.close();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  PrintStream printer() {
    return new PrintStream(output(), true, StandardCharsets.UTF_8);
  }

  @Override
  public TerminalSize size() {
    return client.size();
  }

  @Override
  public void onResize(Runnable listener) {
    resized = listener;
  }

  @Override
  public synchronized void raw(boolean raw) {
    if (raw) {
      before = enterRawMode();
      Attributes attributes = getAttributes();
      // the process's own terminal has written carriage returns already
      attributes.setOutputFlag(Attributes.OutputFlag.OPOST, false);
      setAttributes(attributes);
    } else if (before != null) {
      setAttributes(before);
      before = null;
    }
  }

  @Override
  public int getWidth() {
    return size().columns();
  }

  @Override
  public int getHeight() {
    return size().rows();
  }

  @Override
  public boolean isAnsiSupported() {
    return !"dumb".equals(getType());
  }

  @Override
  public boolean isEchoEnabled() {
    return echo();
  }

  @Override
  public void setEchoEnabled(boolean enabled) {
    echo(enabled);
  }

  @Override
  public void addSignalListener(
      SignalListener listener, org.apache.karaf.shell.api.console.Signal... signals) {
    EnumSet<org.apache.karaf.shell.api.console.Signal> set =
        EnumSet.noneOf(org.apache.karaf.shell.api.console.Signal.class);
    set.addAll(java.util.List.of(signals));
    listeners.put(listener, set);
  }

  @Override
  public void addSignalListener(
      SignalListener listener, EnumSet<org.apache.karaf.shell.api.console.Signal> signals) {
    listeners.put(listener, EnumSet.copyOf(signals));
  }

  @Override
  public void addSignalListener(SignalListener listener) {
    listeners.put(listener, EnumSet.allOf(org.apache.karaf.shell.api.console.Signal.class));
  }

  @Override
  public void removeSignalListener(SignalListener listener) {
    listeners.remove(listener);
  }
}
