// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.linux.Errno;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscalls;
import io.gantry.linux.program.SyscallProgram;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The messages that come out of a starting container: two words of 8 bytes each. {@link #PID} and
 * the init's pid; {@link #CREATED} once only the user's program is missing; or the address of a
 * failed operation and its errno. End of file after CREATED: the user's program runs.
 */
final class StatusPipe {
  static final long PID = 1;
  static final long CREATED = 2;
  static final int MESSAGE_BYTES = 16;

  private StatusPipe() {}

  /** One message; {@code end} at end of file. */
  record Message(long kind, long value) {
    static final Message END = new Message(0, 0);

    boolean end() {
      return kind == 0;
    }

    boolean failure() {
      return kind >= SyscallProgram.OPERATIONS;
    }
  }

  static Message read(int fd) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      int count = Syscalls.readRaw(fd, buffer);
      if (count == 0) {
        return Message.END;
      }
      if (count < 0 && count != -Errno.EINTR) {
        throw new LinuxException("read the status pipe", -count);
      }
    }
    return new Message(buffer.getLong(0), buffer.getLong(8));
  }
}
