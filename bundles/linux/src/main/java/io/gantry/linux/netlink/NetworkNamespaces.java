// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.netlink;

import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Makes network namespaces, and does in one what has to be done from inside.
 *
 * <p>Entering a namespace changes the calling thread, so all of it happens on one thread that runs
 * nothing else ({@code gantry-netns}) and goes back after each step: the newest namespace would
 * otherwise not end with its container. A few namespaces are made ahead; one is never used twice.
 */
public final class NetworkNamespaces implements AutoCloseable {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int O_RDONLY = 0;
  private static final int LOOPBACK = 1;
  private static final long REFILL_PAUSE_MILLIS = 1_000;

  private final int spare;
  private final ArrayDeque<NetworkNamespace> pool = new ArrayDeque<>();
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final Thread thread;
  private boolean closed;

  /**
   * @param spare how many namespaces are kept ready
   */
  public NetworkNamespaces(int spare) {
    this.spare = spare;
    this.thread = new Thread(this::run, "gantry-netns");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * A new namespace that is the caller's to close.
   *
   * @throws LinuxException if the kernel refuses
   */
  public NetworkNamespace create() {
    synchronized (tasks) {
      NetworkNamespace ready = pool.poll();
      if (ready != null) {
        // the thread looks after the pool when it finds no task
        tasks.notifyAll();
        return ready;
      }
    }
    return call(NetworkNamespaces::make);
  }

  /**
   * A client inside a namespace that exists: for a container that is taken over.
   *
   * @param namespace a descriptor of it, which stays the caller's
   */
  public RouteNetlink open(Fd namespace) {
    return call(() -> inside(namespace, RouteNetlink::open));
  }

  private static NetworkNamespace make() {
    try (Fd home = current()) {
      Syscalls.call("unshare the network", Syscall.UNSHARE, CLONE_NEWNET, 0, 0, 0, 0, 0);
      try {
        Fd namespace = current();
        try {
          RouteNetlink routes = RouteNetlink.open();
          routes.setUp(LOOPBACK);
          return new NetworkNamespace(namespace, routes);
        } catch (LinuxException e) {
          namespace.close();
          throw e;
        }
      } finally {
        enter(home);
      }
    }
  }

  private static <T> T inside(Fd namespace, Supplier<T> action) {
    try (Fd home = current()) {
      enter(namespace);
      try {
        return action.get();
      } finally {
        enter(home);
      }
    }
  }

  private static Fd current() {
    return Syscalls.open("/proc/thread-self/ns/net", O_RDONLY, 0);
  }

  private static void enter(Fd namespace) {
    Syscalls.call(
        "enter a network namespace", Syscall.SETNS, namespace.number(), CLONE_NEWNET, 0, 0, 0, 0);
  }

  private <T> T call(Supplier<T> action) {
    CompletableFuture<T> result = new CompletableFuture<>();
    synchronized (tasks) {
      if (closed) {
        throw new IllegalStateException("network namespaces are closed");
      }
      tasks.add(
          () -> {
            try {
              result.complete(action.get());
            } catch (RuntimeException e) {
              result.completeExceptionally(e);
            }
          });
      tasks.notifyAll();
    }
    try {
      return result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof LinuxException refused ? refused : e;
    }
  }

  private void run() {
    while (true) {
      Runnable task;
      synchronized (tasks) {
        task = tasks.poll();
        if (task == null && closed) {
          return;
        }
        if (task == null && pool.size() >= spare) {
          awaitWork(0);
          continue;
        }
      }
      if (task != null) {
        task.run();
      } else {
        refill();
      }
    }
  }

  private void refill() {
    NetworkNamespace fresh;
    try {
      fresh = make();
    } catch (LinuxException e) {
      // whoever needs one now is told the reason; try again when something has happened
      awaitWork(REFILL_PAUSE_MILLIS);
      return;
    }
    synchronized (tasks) {
      if (!closed) {
        pool.add(fresh);
        return;
      }
    }
    fresh.close();
  }

  private void awaitWork(long millis) {
    synchronized (tasks) {
      try {
        if (tasks.isEmpty() && !closed) {
          tasks.wait(millis);
        }
      } catch (InterruptedException e) {
        // only close() ends this thread, and nobody else has it to interrupt it
        return;
      }
    }
  }

  /** Ends the thread and the namespaces that nobody asked for; those handed out live on. */
  @Override
  public void close() {
    synchronized (tasks) {
      closed = true;
      tasks.notifyAll();
    }
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (tasks) {
      pool.forEach(NetworkNamespace::close);
      pool.clear();
    }
  }
}
