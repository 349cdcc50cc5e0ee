// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.event;

/** A descriptor that is watched. */
public final class Watch implements Registration {
  private final EventLoop loop;
  private final EventScope scope;
  private final int descriptor;
  private final int interest;
  private final EventHandler handler;
  private final long token;
  private boolean active;
  private boolean cancelled;

  Watch(EventLoop loop, EventScope scope, int descriptor, int interest, EventHandler handler) {
    this.loop = loop;
    this.scope = scope;
    this.descriptor = descriptor;
    this.interest = interest;
    this.handler = handler;
    this.token = loop.newToken();
  }

  /**
   * Stops telling until {@link #resume}. The descriptor leaves the epoll set altogether, since a
   * hang-up is told for an empty interest too and the loop would spin.
   */
  public synchronized void pause() {
    if (active) {
      active = false;
      loop.remove(this, descriptor);
    }
  }

  public synchronized void resume() {
    if (!active && !cancelled) {
      loop.add(this, descriptor, interest);
      active = true;
    }
  }

  @Override
  public synchronized void cancel() {
    pause();
    cancelled = true;
    scope.forget(this);
  }

  long token() {
    return token;
  }

  String owner() {
    return scope.owner();
  }

  EventHandler handler() {
    return handler;
  }
}
