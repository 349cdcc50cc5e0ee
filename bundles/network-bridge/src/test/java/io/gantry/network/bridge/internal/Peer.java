// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import io.gantry.linux.Fd;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Somebody who listens on TCP port 8080 in a namespace, and to whom others connect. */
final class Peer implements AutoCloseable {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int PORT = 8_080;
  private static final int TIMEOUT_MILLIS = 1_000;

  private final ServerSocket server;

  /**
   * @param namespace where to listen; null for the caller's
   */
  Peer(Fd namespace) throws IOException {
    server =
        inside(
            namespace,
            () -> {
              ServerSocket socket = new ServerSocket();
              socket.setReuseAddress(true);
              socket.bind(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), PORT));
              socket.setSoTimeout(TIMEOUT_MILLIS);
              return socket;
            });
  }

  /**
   * Connects from a namespace.
   *
   * @return the address that the connection is seen to come from
   * @throws IOException if it cannot be made within a second
   */
  String connectFrom(Fd namespace, String address) throws IOException {
    try (Socket client = connect(namespace, address);
        Socket accepted = server.accept()) {
      client.getOutputStream().write(1);
      if (accepted.getInputStream().read() != 1) {
        throw new IOException("the byte did not arrive");
      }
      return accepted.getInetAddress().getHostAddress();
    }
  }

  /** Runs something while a connection is open, which must carry bytes both ways afterwards. */
  void whileConnected(Fd namespace, String address, Runnable action) throws IOException {
    try (Socket client = connect(namespace, address);
        Socket accepted = server.accept()) {
      action.run();
      client.setSoTimeout(TIMEOUT_MILLIS);
      accepted.setSoTimeout(TIMEOUT_MILLIS);
      client.getOutputStream().write(1);
      accepted.getOutputStream().write(accepted.getInputStream().read() + 1);
      if (client.getInputStream().read() != 2) {
        throw new IOException("the answer did not arrive");
      }
    }
  }

  private static Socket connect(Fd namespace, String address) throws IOException {
    return inside(
        namespace,
        () -> {
          Socket socket = new Socket();
          try {
            socket.connect(
                new InetSocketAddress(InetAddress.getByName(address), PORT), TIMEOUT_MILLIS);
            return socket;
          } catch (IOException e) {
            socket.close();
            throw e;
          }
        });
  }

  /** A socket belongs to the namespace in which its thread was when it was made. */
  private static <T> T inside(Fd namespace, Callable<T> action) throws IOException {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      return thread
          .submit(
              () -> {
                if (namespace != null) {
                  Syscalls.call(
                      "setns", Syscall.SETNS, namespace.number(), CLONE_NEWNET, 0, 0, 0, 0);
                }
                return action.call();
              })
          .get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException refused ? refused : new IOException(e);
    } catch (Exception e) {
      throw new IOException(e);
    } finally {
      thread.shutdownNow();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
