// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.api.stream.StreamType;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.Syscalls;
import io.gantry.linux.event.EventLoop;
import io.gantry.linux.event.EventScope;
import io.gantry.linux.event.Watch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one stream of a process into its spool whenever there is something and the spool has room.
 * Runs on the loop's thread alone.
 */
final class StreamReader {
  private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);
  private static final int MAX_A_TURN = 256 * 1024;
  private static final Duration DISK_FULL_PAUSE = Duration.ofMillis(200);

  private final StreamType stream;
  private final Fd descriptor;
  private final boolean terminal;
  private final OutputSpool spool;
  private final EventScope events;
  private final BufferPool buffers;
  private final Runnable changed;
  private Watch watch;
  private boolean ended;
  private boolean paused;

  /**
   * @param changed called after output came and at the end
   */
  StreamReader(
      StreamType stream,
      Fd descriptor,
      boolean terminal,
      OutputSpool spool,
      EventScope events,
      BufferPool buffers,
      Runnable changed) {
    this.stream = stream;
    this.descriptor = descriptor;
    this.terminal = terminal;
    this.spool = spool;
    this.events = events;
    this.buffers = buffers;
    this.changed = changed;
  }

  void begin() {
    watch = events.watch(descriptor, EventLoop.READABLE, ready -> read());
    paused = false;
  }

  boolean ended() {
    return ended;
  }

  /** Whether output may be left that the spool has no room for. */
  boolean paused() {
    return paused && !ended;
  }

  /** The spool has room again. */
  void room() {
    if (paused && !ended) {
      paused = false;
      watch.resume();
    }
  }

  /** Takes what is there now; true if anything came. */
  boolean read() {
    if (ended || paused) {
      return false;
    }
    if (spool.full(stream)) {
      paused = true;
      watch.pause();
      return false;
    }
    long now = LogPump.nanos(Instant.now());
    int moved = terminal ? readTerminal(now) : spool.fill(stream, descriptor, MAX_A_TURN, now);
    if (moved > 0) {
      changed.run();
      return true;
    }
    if (moved == -Errno.EAGAIN || moved == -Errno.EINTR) {
      return false;
    }
    // EIO is a terminal's way to say that its other side is closed.
    if (moved == 0 || (moved == -Errno.EIO && terminal)) {
      end();
      return false;
    }
    if (moved == -Errno.ENOSPC) {
      LOG.warn("No space left for the output of a container; it waits");
      paused = true;
      watch.pause();
      events.schedule(DISK_FULL_PAUSE, this::room);
      return false;
    }
    LOG.warn("Reading {} failed: {}", stream, Errno.name(-moved));
    end();
    return false;
  }

  /** No more is read. */
  void end() {
    if (!ended) {
      ended = true;
      watch.cancel();
      changed.run();
    }
  }

  private int readTerminal(long now) {
    ByteBuffer direct = buffers.take();
    try {
      int count = Syscalls.readRaw(descriptor.number(), direct);
      if (count <= 0) {
        return count;
      }
      direct.flip();
      int result = spool.append(stream, direct, now);
      return result < 0 ? result : count;
    } finally {
      buffers.giveBack(direct);
    }
  }
}
