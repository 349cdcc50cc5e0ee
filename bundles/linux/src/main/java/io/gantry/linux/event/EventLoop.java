// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.event;

import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One thread that waits for many descriptors and timers with epoll(7). What is registered belongs
 * to an {@link EventScope}, which cancels all of it together. Scopes, watches and timers can be
 * used from any thread; handlers and tasks run on the loop's thread, one at a time.
 */
public final class EventLoop implements Executor, AutoCloseable {
  /** The descriptor can be read without waiting. EPOLLIN. */
  public static final int READABLE = 0x1;

  /** The descriptor can be written without waiting. EPOLLOUT. */
  public static final int WRITABLE = 0x4;

  /** Told whether asked for or not. EPOLLERR. */
  public static final int FAILED = 0x8;

  /** The other end is gone; told whether asked for or not. EPOLLHUP. */
  public static final int HUNG_UP = 0x10;

  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLL_CTL_DEL = 2;
  private static final int EFD_NONBLOCK = 0x800;
  private static final int MAX_EVENTS = 256;
  private static final long WAKE_UP_TOKEN = 0;

  // struct epoll_event is packed on x86-64 alone
  private static final boolean PACKED = !"aarch64".equals(System.getProperty("os.arch"));
  private static final int EVENT_SIZE = PACKED ? 12 : 16;
  private static final int DATA_OFFSET = PACKED ? 4 : 8;

  private final FailureReporter reporter;
  private final Fd epoll;
  private final Fd wakeUp;
  private final Thread thread;
  private final AtomicLong tokens = new AtomicLong(WAKE_UP_TOKEN);
  private final Map<Long, Watch> watches = new ConcurrentHashMap<>();
  private final Queue<Task> tasks = new ConcurrentLinkedQueue<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private volatile boolean closing;

  private record Task(String owner, Runnable body) {}

  /** Starts a loop on a thread of its own. */
  public EventLoop(String threadName, FailureReporter reporter) {
    this.reporter = reporter;
    this.epoll =
        new Fd((int) Syscalls.call("epoll_create1", Syscall.EPOLL_CREATE1, 0x80000, 0, 0, 0, 0, 0));
    this.wakeUp = Syscalls.eventFd(0, EFD_NONBLOCK);
    control("epoll_ctl add", EPOLL_CTL_ADD, wakeUp.number(), READABLE, WAKE_UP_TOKEN);
    this.thread = new Thread(this::run, threadName);
    thread.setDaemon(true);
    thread.start();
  }

  /** A new group of registrations; {@code owner} names it in reports. */
  public EventScope scope(String owner) {
    return new EventScope(this, owner);
  }

  /** Runs a task on the loop's thread; tasks of one thread run in their order. */
  @Override
  public void execute(Runnable task) {
    execute("loop", task);
  }

  public boolean inLoop() {
    return Thread.currentThread() == thread;
  }

  /** Ends the loop; registrations that are left are dropped. Waits for the running handler. */
  @Override
  public void close() {
    closing = true;
    wake();
    if (inLoop()) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void execute(String owner, Runnable task) {
    if (closing) {
      throw new RejectedExecutionException("the event loop has ended");
    }
    tasks.add(new Task(owner, task));
    wake();
  }

  long newToken() {
    return tokens.incrementAndGet();
  }

  void add(Watch watch, int descriptor, int interest) {
    watches.put(watch.token(), watch);
    try {
      control("epoll_ctl add", EPOLL_CTL_ADD, descriptor, interest, watch.token());
    } catch (LinuxException e) {
      watches.remove(watch.token());
      throw e;
    }
  }

  /**
   * Must come before the descriptor is closed: epoll watches the open file, which a copy of the
   * descriptor in another process keeps alive, and would go on telling of it.
   */
  void remove(Watch watch, int descriptor) {
    watches.remove(watch.token());
    if (epoll.open()) {
      Syscalls.raw(Syscall.EPOLL_CTL, epoll.number(), EPOLL_CTL_DEL, descriptor, 0, 0, 0);
    }
  }

  void add(Timer timer) {
    execute(timer.owner(), () -> timers.add(timer));
  }

  private void control(String operation, int what, int descriptor, int interest, long token) {
    try (NativeMemory event = NativeMemory.allocate(EVENT_SIZE)) {
      event.setInt(0, interest).setLong(DATA_OFFSET, token);
      Syscalls.call(
          operation, Syscall.EPOLL_CTL, epoll.number(), what, descriptor, event.address(), 0, 0);
    }
  }

  private void wake() {
    if (woken.compareAndSet(false, true) && wakeUp.open()) {
      Syscalls.writeLong(wakeUp.number(), 1);
    }
  }

  private void run() {
    try (NativeMemory events = NativeMemory.allocate((long) EVENT_SIZE * MAX_EVENTS);
        NativeMemory counter = NativeMemory.allocate(8)) {
      while (!closing) {
        int count =
            (int)
                Syscalls.raw(
                    Syscall.EPOLL_PWAIT,
                    epoll.number(),
                    events.address(),
                    MAX_EVENTS,
                    timeout(),
                    0,
                    8);
        if (count < 0 && count != -Errno.EINTR) {
          throw new LinuxException("epoll_pwait", -count);
        }
        for (int i = 0; i < count && !closing; i++) {
          long token = events.getLong((long) i * EVENT_SIZE + DATA_OFFSET);
          if (token == WAKE_UP_TOKEN) {
            Syscalls.raw(Syscall.READ, wakeUp.number(), counter.address(), 8, 0, 0, 0);
          } else {
            dispatch(token, events.getInt((long) i * EVENT_SIZE));
          }
        }
        runTimers();
        runTasks();
      }
    } catch (RuntimeException | Error e) {
      closing = true;
      reporter.failed("loop", e);
    } finally {
      watches.clear();
      epoll.close();
      wakeUp.close();
    }
  }

  private void dispatch(long token, int ready) {
    Watch watch = watches.get(token);
    if (watch == null) {
      return; // cancelled by an earlier handler of this round
    }
    try {
      watch.handler().ready(ready);
    } catch (RuntimeException | Error e) {
      reporter.failed(watch.owner(), e);
      watch.cancel(); // it would be told again and again
    }
  }

  private void runTimers() {
    long now = System.nanoTime();
    for (Timer next = timers.peek(); next != null; next = timers.peek()) {
      if (next.cancelled()) {
        timers.poll();
      } else if (next.due() - now <= 0) {
        timers.poll();
        guarded(next.owner(), next::fire);
      } else {
        return;
      }
    }
  }

  private void runTasks() {
    woken.set(false);
    // What tasks add runs in the next round: descriptors are not starved.
    Queue<Task> round = new ArrayDeque<>();
    for (Task task = tasks.poll(); task != null; task = tasks.poll()) {
      round.add(task);
    }
    for (Task task : round) {
      guarded(task.owner(), task.body());
    }
  }

  private void guarded(String owner, Runnable body) {
    try {
      body.run();
    } catch (RuntimeException | Error e) {
      reporter.failed(owner, e);
    }
  }

  private int timeout() {
    if (!tasks.isEmpty()) {
      return 0;
    }
    Timer next = timers.peek();
    if (next == null) {
      return -1;
    }
    long nanos = next.due() - System.nanoTime();
    // Rounded up: waking before the timer is due would only spin.
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, (nanos + 999_999) / 1_000_000));
  }
}
