// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import io.gantry.api.error.EngineException;
import java.util.List;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.SessionFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** A session of Karaf's shell for each client; the factory is looked up when one comes. */
final class KarafProgram implements ShellProgram {
  private static final String DEFAULT_SCOPE = "gantry:";

  private final BundleContext context;

  KarafProgram(BundleContext context) {
    this.context = context;
  }

  @Override
  public int run(Hello hello, ClientConnection client) throws Exception {
    ServiceReference<SessionFactory> reference = context.getServiceReference(SessionFactory.class);
    SessionFactory factory = reference == null ? null : context.getService(reference);
    if (factory == null) {
      throw EngineException.unavailable(
          "Karaf's shell is not there: the bundle org.apache.karaf.shell.core is not active");
    }
    try {
      return hello.interactive()
          ? InteractiveSession.run(factory, hello, client)
          : command(factory, hello, client);
    } finally {
      context.ungetService(reference);
    }
  }

  private static int command(SessionFactory factory, Hello hello, ClientConnection client)
      throws Exception {
    Session session = factory.create(client.input(), client.out(), client.err());
    try {
      session.currentDir(hello.directory());
      session.put(ClientTerminal.VARIABLE, client);
      Object result = session.execute(commandLine(session, hello.words()));
      session.getConsole().flush();
      if (result instanceof CharSequence || result instanceof Number) {
        client.out().println(result);
      }
      return session.get(ExitCode.VARIABLE) instanceof Integer code ? code : 0;
    } catch (EngineException e) {
      return ExitCode.report(e, session.get(ExitCode.VARIABLE), client.err());
    } finally {
      session.close();
    }
  }

  /**
   * One word with a space in it is a line for the shell to read; else the words are handed over in
   * variables, so that nothing in them is taken for syntax.
   */
  private static String commandLine(Session session, List<String> words) {
    String first = words.get(0);
    if (words.size() == 1 && first.contains(" ")) {
      return first;
    }
    StringBuilder line = new StringBuilder(first.contains(":") ? first : DEFAULT_SCOPE + first);
    for (int i = 1; i < words.size(); i++) {
      session.put("word" + i, words.get(i));
      line.append(" $word").append(i);
    }
    return line.toString();
  }
}
