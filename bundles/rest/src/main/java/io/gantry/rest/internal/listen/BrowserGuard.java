// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.listen;

import io.gantry.api.auth.Principal;
import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Keeps web pages away from a loopback port. A browser on this machine reaches it for any page that
 * it shows: it sends {@code Origin} with what it does for a page of another site, and a page whose
 * name was made to point here (DNS rebinding) has that name in {@code Host}.
 */
public final class BrowserGuard {
  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]+)?");

  private BrowserGuard() {}

  /**
   * Looks at a request on a TCP port; on a Unix socket there is no browser.
   *
   * @throws EngineException DENIED for what comes from a web page
   */
  public static void check(Request request, Principal caller) {
    if (!caller.door().equals(Callers.TCP)) {
      return;
    }
    String host = request.getHeaders().get(HttpHeader.HOST);
    boolean named = host != null && !LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
    if (named || request.getHeaders().contains("Origin")) {
      throw new EngineException(
          ErrorKind.DENIED,
          "requests of web pages are refused; a client must call this port by a loopback address"
              + " and send no Origin");
    }
  }
}
