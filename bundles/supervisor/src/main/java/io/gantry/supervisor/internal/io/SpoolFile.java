// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.linux.Fd;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * What one stream put out and is not yet done with. Offsets only grow: the file is never rewound,
 * and what is done with is punched out of it. So the file's size alone tells, after the end of the
 * engine at any instruction, how much was taken from the pipe: splice(2) takes from the pipe
 * exactly what it has added to the file, and no signal can come between.
 */
final class SpoolFile implements AutoCloseable {
  private static final int O_RDWR = 2;
  private static final int O_CREAT = 0x40;
  private static final int SEEK_END = 2;
  private static final int SPLICE_F_MOVE = 1;
  private static final int SPLICE_F_NONBLOCK = 2;
  private static final int FALLOC_FL_PUNCH_HOLE_KEEP_SIZE = 3;
  private static final long PUNCH_STEP = 128 * 1024;
  private static final long BLOCK = 4096;

  private final Fd file;
  private long size;
  private long punched;

  private SpoolFile(Fd file, long size) {
    this.file = file;
    this.size = size;
  }

  /** Opens the file, made if it is not there. */
  static SpoolFile open(Path path) {
    Fd file = Syscalls.open(path.toString(), O_RDWR | O_CREAT, 0600);
    try {
      // leaves the file's position, where splice adds, at the end
      long size =
          Syscalls.call("seek in " + path, Syscall.LSEEK, file.number(), 0, SEEK_END, 0, 0, 0);
      return new SpoolFile(file, size);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /** All that was ever added. */
  synchronized long size() {
    return size;
  }

  /**
   * Moves what the pipe has, at most {@code max} bytes.
   *
   * @return the number of bytes, 0 at the end of file, or the negated errno
   */
  synchronized int spliceFrom(Fd pipe, int max) {
    int moved =
        (int)
            Syscalls.raw(
                Syscall.SPLICE,
                pipe.number(),
                0,
                file.number(),
                0,
                max,
                SPLICE_F_MOVE | SPLICE_F_NONBLOCK);
    if (moved > 0) {
      size += moved;
    }
    return moved;
  }

  /**
   * Adds bytes that were read elsewhere: a terminal cannot be spliced without a pipe between.
   *
   * @return 0, or the negated errno
   */
  synchronized int append(ByteBuffer direct) {
    while (direct.hasRemaining()) {
      int written = Syscalls.writeRaw(file.number(), direct);
      if (written < 0) {
        return written;
      }
      size += written;
    }
    return 0;
  }

  /** Reads into the buffer's remaining bytes, which must have been added. */
  void read(long offset, ByteBuffer direct) {
    long at = offset;
    while (direct.hasRemaining()) {
      long address = NativeMemory.address(direct);
      int count =
          (int)
              Syscalls.call(
                  "read the spool",
                  Syscall.PREAD64,
                  file.number(),
                  address,
                  direct.remaining(),
                  at,
                  0,
                  0);
      if (count == 0) {
        throw new IllegalStateException("the spool ends at " + at + " of " + size());
      }
      direct.position(direct.position() + count);
      at += count;
    }
  }

  /** Gives back the space of all before {@code offset}, in steps. */
  synchronized void release(long offset) {
    long end = offset - offset % BLOCK;
    if (end - punched >= PUNCH_STEP && file.open()) {
      // A file system without holes keeps the bytes: no harm but the space.
      Syscalls.raw(
          Syscall.FALLOCATE,
          file.number(),
          FALLOC_FL_PUNCH_HOLE_KEEP_SIZE,
          punched,
          end - punched,
          0,
          0);
      punched = end;
    }
  }

  @Override
  public synchronized void close() {
    file.close();
  }
}
