// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.listen;

import io.gantry.api.error.EngineException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;

/** One value of {@code --host}. */
public sealed interface HostAddress {
  /** A Unix socket. */
  record UnixSocket(Path path) implements HostAddress {
    /** Of {@code sun_path}, with the zero byte that ends it. */
    private static final int LONGEST_PATH = 108;

    public UnixSocket {
      if (!path.isAbsolute()) {
        throw invalid("unix://" + path, "the socket's path is not absolute");
      }
      if (path.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8).length
          >= LONGEST_PATH) {
        throw invalid("unix://" + path, "the socket's path is longer than the kernel allows (107)");
      }
    }

    @Override
    public String toString() {
      return "unix://" + path;
    }
  }

  /** A port on a loopback address. */
  record LoopbackTcp(String host, int port) implements HostAddress {
    @Override
    public String toString() {
      return "tcp://" + host + ":" + port;
    }
  }

  int DEFAULT_TCP_PORT = 2375;

  /**
   * Reads one.
   *
   * @throws EngineException INVALID, naming the host and what to write instead
   */
  static HostAddress parse(String host) {
    if (host.startsWith("unix://")) {
      return new UnixSocket(Path.of(host.substring("unix://".length())));
    }
    if (host.startsWith("tcp://")) {
      return tcp(host, host.substring("tcp://".length()));
    }
    if (host.startsWith("fd://")) {
      throw EngineException.unsupported(
          "cannot listen on " + host + ": sockets from systemd are not supported; use unix://PATH");
    }
    throw invalid(host, "it is neither unix://PATH nor tcp://ADDRESS:PORT");
  }

  private static LoopbackTcp tcp(String host, String address) {
    int colon = address.lastIndexOf(':');
    boolean hasPort = colon > address.lastIndexOf(']');
    String name = hasPort ? address.substring(0, colon) : address;
    int port = DEFAULT_TCP_PORT;
    try {
      if (hasPort) {
        port = Integer.parseInt(address.substring(colon + 1));
      }
      if (port < 0 || port > 65535) {
        throw invalid(host, "the port is not within 0 to 65535");
      }
      if (name.isEmpty() || !InetAddress.getByName(name).isLoopbackAddress()) {
        throw EngineException.unsupported(
            "cannot listen on "
                + host
                + ": without TLS whoever reaches the port is root on this machine, so only loopback"
                + " addresses are allowed; use tcp://127.0.0.1:"
                + port);
      }
    } catch (NumberFormatException e) {
      throw invalid(host, "the port is no number");
    } catch (UnknownHostException e) {
      throw invalid(host, "the address is unknown");
    }
    return new LoopbackTcp(name, port);
  }

  private static EngineException invalid(String host, String reason) {
    return EngineException.invalid("cannot listen on " + host + ": " + reason);
  }
}
