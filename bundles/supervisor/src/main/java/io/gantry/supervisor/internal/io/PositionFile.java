// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.api.logging.LogPosition;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Where a container's log ends, and up to which offset of its spool that log reaches: the two
 * numbers that must change together. They are one record, written with one call within one page of
 * the page cache, which a signal cannot cut in two. Two slots are written in turn, with a checksum
 * each, for the end of the machine.
 */
public final class PositionFile implements AutoCloseable {
  /** The name within the container's own directory: it outlives each task. */
  public static final String NAME = "output.position";

  /**
   * One record.
   *
   * @param position where the log ends
   * @param stdout how many bytes of the spool of stdout are in the log
   * @param stderr how many bytes of the spool of stderr are in the log
   * @param started whether the user's program was let go
   */
  public record State(LogPosition position, long stdout, long stderr, boolean started) {
    public static final State EMPTY = new State(LogPosition.START, 0, 0, false);
  }

  private static final int O_RDONLY = 0;
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0x40;
  private static final int SLOT = 64;
  private static final int CHECKED = 48;

  private final Fd file;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(SLOT).order(ByteOrder.LITTLE_ENDIAN);
  private long sequence;
  private State state;

  private PositionFile(Fd file, long sequence, State state) {
    this.file = file;
    this.sequence = sequence;
    this.state = state;
  }

  /** Opens the file of a container, made if it is not there. */
  public static PositionFile open(Path directory) {
    Fd file = Syscalls.open(directory.resolve(NAME).toString(), O_RDWR | O_CREAT, 0600);
    try {
      Slot newest = newest(file);
      return new PositionFile(file, newest.sequence(), newest.state());
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** What the file of a container says; empty if it has none. */
  public static Optional<State> read(Path directory) {
    try (Fd file = Syscalls.open(directory.resolve(NAME).toString(), O_RDONLY, 0)) {
      return Optional.of(newest(file).state());
    } catch (LinuxException e) {
      if (e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR) {
        return Optional.empty();
      }
      throw e;
    }
  }

  public synchronized State state() {
    return state;
  }

  /** A new task begins: its spool is empty, the log goes on. */
  public synchronized void begin() {
    write(new State(state.position(), 0, 0, false));
  }

  /** The user's program runs. */
  public synchronized void markStarted() {
    write(new State(state.position(), state.stdout(), state.stderr(), true));
  }

  /** The log reaches further. */
  synchronized void advance(LogPosition position, long stdout, long stderr) {
    write(new State(position, stdout, stderr, state.started()));
  }

  private void write(State next) {
    long number = sequence + 1;
    buffer.clear();
    buffer
        .putLong(number)
        .putLong(next.position().file())
        .putLong(next.position().offset())
        .putLong(next.stdout())
        .putLong(next.stderr())
        .putLong(next.started() ? 1 : 0);
    buffer.putLong(checksum(buffer.duplicate().flip()));
    buffer.putLong(0).flip();
    Syscalls.call(
        "write " + NAME,
        Syscall.PWRITE64,
        file.number(),
        NativeMemory.address(buffer),
        SLOT,
        number % 2 * SLOT,
        0,
        0);
    sequence = number;
    state = next;
  }

  @Override
  public void close() {
    file.close();
  }

  private record Slot(long sequence, State state) {}

  private static Slot newest(Fd file) {
    ByteBuffer both = ByteBuffer.allocateDirect(2 * SLOT).order(ByteOrder.LITTLE_ENDIAN);
    while (both.hasRemaining()) {
      int count = Syscalls.read(file.number(), both);
      if (count == 0) {
        break;
      }
    }
    both.flip();
    Slot newest = new Slot(0, State.EMPTY);
    for (int at = 0; at + SLOT <= both.limit(); at += SLOT) {
      ByteBuffer slot = both.slice(at, SLOT).order(ByteOrder.LITTLE_ENDIAN);
      boolean valid =
          slot.getLong(CHECKED) == checksum(slot.duplicate().limit(CHECKED))
              && slot.getLong(0) > newest.sequence();
      if (valid) {
        newest =
            new Slot(
                slot.getLong(0),
                new State(
                    new LogPosition(slot.getLong(8), slot.getLong(16)),
                    slot.getLong(24),
                    slot.getLong(32),
                    slot.getLong(40) == 1));
      }
    }
    return newest;
  }

  private static long checksum(ByteBuffer bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }
}
