// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The shell's Unix socket. Karaf's shell blocks a thread for each session, so a client costs two
 * threads while it is there, of a small bounded number; there is one thread while nobody is.
 */
final class ShellDoor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShellDoor.class);
  private static final int MAXIMUM_THREADS = 64;
  private static final int IDLE_SECONDS = 10;

  private final Path socket;
  private final ShellProgram program;
  private final PeerCheck peers;
  private final ServerSocketChannel server;
  private final ExecutorService threads;
  private final Thread acceptor;
  private final Set<ClientConnection> clients = ConcurrentHashMap.newKeySet();

  /** Whether a peer may come in. */
  @FunctionalInterface
  interface PeerCheck {
    boolean allows(SocketChannel peer) throws IOException;
  }

  ShellDoor(Path socket, ShellProgram program, PeerCheck peers) throws IOException {
    this.socket = socket;
    this.program = program;
    this.peers = peers;
    Files.deleteIfExists(socket);
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(socket));
      Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      server.close();
      throw e;
    }
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            0,
            MAXIMUM_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> daemon(work, "gantry-shell-" + number.incrementAndGet()));
    acceptor = daemon(this::accept, "gantry-shell-door");
    acceptor.start();
  }

  private static Thread daemon(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        admit(server.accept());
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.warn("cannot accept a client of the shell on {}", socket, e);
      }
    }
  }

  private void admit(SocketChannel peer) throws IOException {
    ClientConnection client = new ClientConnection(peer);
    if (!peers.allows(peer)) {
      client.err().println("permission denied: only root may use the shell of the engine");
      client.close();
      return;
    }
    clients.add(client);
    try {
      threads.execute(() -> serve(client));
    } catch (RejectedExecutionException e) {
      clients.remove(client);
      client.err().println("too many sessions of the shell; end one and try again");
      client.close();
    }
  }

  private void serve(ClientConnection client) {
    try {
      client.serve(program, threads);
    } finally {
      clients.remove(client);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    clients.forEach(ClientConnection::close);
    threads.shutdownNow();
    Files.deleteIfExists(socket);
    try {
      acceptor.join(TimeUnit.SECONDS.toMillis(5));
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("a session of the shell did not end; its bundle is not freed until it does");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
