// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

import io.gantry.linux.Fd;
import java.util.Objects;

/**
 * A network namespace that lives as long as somebody holds it: this descriptor, a process in it, or
 * a mount. Loopback is up.
 *
 * @param namespace refers to the namespace; {@code /proc/self/fd/N} is a path for it
 * @param routes a client whose socket was opened inside
 */
public record NetworkNamespace(Fd namespace, RouteNetlink routes) implements AutoCloseable {
  public NetworkNamespace {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(routes, "routes");
  }

  /** Lets go of the namespace; it ends when nobody else holds it. The socket holds it as well. */
  @Override
  public void close() {
    routes.close();
    namespace.close();
  }
}
