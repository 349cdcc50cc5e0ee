// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.runtime.runc.internal;

import io.gantry.api.runtime.ExitStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The exit record: siginfo_t (128 bytes) as waitid(2) fills it in, and the time (struct timespec).
 * The file has its full length from the start, so that writing it needs no space; it counts once
 * si_pid is not 0.
 */
final class ExitRecords {
  static final int TIME_OFFSET = 128;
  static final int BYTES = 144;

  private static final int SI_CODE = 8;
  private static final int SI_PID = 16;
  private static final int SI_STATUS = 24;
  private static final int CLD_EXITED = 1;
  private static final int CLD_DUMPED = 3;

  private ExitRecords() {}

  static Optional<ExitStatus> read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the exit record " + file, e);
    }
    if (bytes.length < BYTES) {
      return Optional.empty();
    }
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (record.getInt(SI_PID) == 0) {
      return Optional.empty();
    }
    int code = record.getInt(SI_CODE);
    int status = record.getInt(SI_STATUS);
    Instant at =
        Instant.ofEpochSecond(record.getLong(TIME_OFFSET), record.getLong(TIME_OFFSET + 8));
    return Optional.of(
        code == CLD_EXITED
            ? new ExitStatus(status & 0xff, 0, false, true, at)
            : new ExitStatus(128 + status, status, code == CLD_DUMPED, true, at));
  }

  /**
   * What is told when shim and process are gone and no record was written: never an invented code.
   */
  static ExitStatus lost() {
    return new ExitStatus(255, 0, false, false, Instant.now());
  }
}
