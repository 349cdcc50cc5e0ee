// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;

/** A session at a terminal, with history, completion and line editing. */
final class InteractiveSession {
  private InteractiveSession() {}

  static int run(SessionFactory factory, Hello hello, ClientConnection client) throws Exception {
    client.raw(true);
    try (RemoteTerminal terminal = new RemoteTerminal(hello.term(), client)) {
      Thread feeder = new Thread(terminal::feed, "gantry-shell-terminal");
      feeder.setDaemon(true);
      feeder.start();
      Session session =
          factory.create(
              terminal.input(),
              terminal.printer(),
              terminal.printer(),
              terminal,
              "UTF-8",
              terminal::hangUp);
      try {
        session.currentDir(hello.directory());
        session.put(ClientTerminal.VARIABLE, terminal);
        session.put("USER", "root");
        session.run();
      } finally {
        session.close();
        feeder.interrupt();
        feeder.join(1000);
      }
      return 0;
    } finally {
      client.raw(false);
    }
  }
}
