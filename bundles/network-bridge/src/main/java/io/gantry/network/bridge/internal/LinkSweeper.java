// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.network.bridge.internal;

import io.gantry.linux.LinuxException;
import io.gantry.linux.netlink.RouteNetlink;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes the host's ends of veth pairs some time after their containers have ended. Nearly all are
 * gone by then: the kernel takes a pair away with the namespace of its peer, many at once and for
 * nobody's waiting, while deleting one by hand costs a grace period of RCU under the lock that all
 * changes of links need.
 */
final class LinkSweeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LinkSweeper.class);

  /** More than so many are not left waiting: the caller deletes. */
  private static final int MAX_PENDING = 1_024;

  private final RouteNetlink net;
  private final long delayMillis;
  private final Set<String> pending = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor executor;

  LinkSweeper(RouteNetlink net, long delayMillis) {
    this.net = net;
    this.delayMillis = delayMillis;
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "gantry-bridge-sweeper");
              thread.setDaemon(true);
              return thread;
            });
    executor.setKeepAliveTime(delayMillis * 2, TimeUnit.MILLISECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  void deleteLater(String link) {
    if (pending.size() >= MAX_PENDING) {
      delete(link);
    } else if (pending.add(link)) {
      ScheduledFuture<?> unused =
          executor.schedule(() -> sweep(link), delayMillis, TimeUnit.MILLISECONDS);
    }
  }

  /** The link is wanted again. */
  void keep(String link) {
    pending.remove(link);
  }

  private void sweep(String link) {
    if (pending.remove(link)) {
      delete(link);
    }
  }

  private void delete(String name) {
    try {
      net.link(name).ifPresent(link -> net.deleteLink(link.index()));
    } catch (LinuxException e) {
      LOG.debug("{} was not deleted: {}", name, e.getMessage());
    }
  }

  /** Deletes at once what waits: no other instance will know of it. */
  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("The sweeper of links did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    pending.forEach(this::delete);
    pending.clear();
  }
}
