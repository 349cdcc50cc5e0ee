// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.listen;

import io.gantry.api.auth.Principal;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Request;

/**
 * Who is at the other end of a connection: on a Unix socket the kernel knows (SO_PEERCRED), on
 * loopback TCP nobody does.
 */
public final class Callers {
  static final String TCP = "tcp";
  private static final String ATTRIBUTE = Callers.class.getName();
  private static final Principal ANONYMOUS_TCP = new Principal("anonymous", TCP);

  private Callers() {}

  public static Principal of(Request request) {
    ConnectionMetaData connection = request.getConnectionMetaData();
    if (connection.getAttribute(ATTRIBUTE) instanceof Principal known) {
      return known;
    }
    Principal principal = ask(connection);
    connection.setAttribute(ATTRIBUTE, principal);
    return principal;
  }

  private static Principal ask(ConnectionMetaData connection) {
    Object transport = connection.getConnection().getEndPoint().getTransport();
    if (transport instanceof SocketChannel channel
        && channel.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)) {
      try {
        UnixDomainPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return new Principal(userName(peer.user().getName()), "unix");
      } catch (IOException e) {
        return new Principal("unknown", "unix");
      }
    }
    return ANONYMOUS_TCP;
  }

  /** The JDK answers with the number of a user that has no name. */
  private static String userName(String name) {
    return name.chars().allMatch(Character::isDigit) ? "uid " + name : name;
  }
}
