// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.settings.internal;

import io.gantry.api.engine.Engine;
import io.gantry.core.settings.Settings;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that the API answers: in a line for people, and to a service manager that waits for it
 * (sd_notify(3)).
 */
@Component(
    service = {},
    immediate = true)
public final class Readiness {
  private static final Logger LOG = LoggerFactory.getLogger(Readiness.class);
  private static final long POLL_MILLIS = 5;
  private static final long GIVE_UP_MILLIS = 120_000;

  private final Settings settings;
  private final Thread watcher;

  /** The engine is there once it has taken over what runs. */
  @Activate
  public Readiness(@Reference Engine engine, @Reference Settings settings) {
    this.settings = settings;
    this.watcher = new Thread(this::watch, "gantry-readiness");
    watcher.setDaemon(true);
    watcher.start();
  }

  @Deactivate
  void close() {
    watcher.interrupt();
  }

  private void watch() {
    try {
      long deadline = System.nanoTime() + GIVE_UP_MILLIS * 1_000_000;
      for (String host : settings.hosts()) {
        while (host.startsWith("unix://")
            && !answers(Path.of(host.substring("unix://".length())))) {
          if (System.nanoTime() > deadline) {
            LOG.error("the API does not answer on {}; see the log above for why", host);
            return;
          }
          Thread.sleep(POLL_MILLIS);
        }
      }
      System.out.println("API listen on " + String.join(" ", settings.hosts()));
      System.out.flush();
      ServiceManager.notify("READY=1\nSTATUS=API listen on " + String.join(" ", settings.hosts()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean answers(Path socket) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      channel.write(
          ByteBuffer.wrap(
              "GET /_ping HTTP/1.1\r\nHost: gantry\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(512);
      channel.read(answer);
      return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII)
          .startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }
}
