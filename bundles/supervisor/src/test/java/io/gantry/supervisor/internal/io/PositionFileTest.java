// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.gantry.api.logging.LogPosition;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PositionFileTest {
  @TempDir Path directory;

  @Test
  void anEmptyFileIsTheStart() {
    assertEquals(Optional.empty(), PositionFile.read(directory));
    try (PositionFile file = PositionFile.open(directory)) {
      assertEquals(PositionFile.State.EMPTY, file.state());
    }
  }

  @Test
  void theNextTaskBeginsWithAnEmptySpoolWhereTheLogEnds() {
    try (PositionFile file = PositionFile.open(directory)) {
      file.markStarted();
      file.advance(new LogPosition(2, 300), 1000, 50);
    }
    PositionFile.State expected = new PositionFile.State(new LogPosition(2, 300), 1000, 50, true);
    assertEquals(Optional.of(expected), PositionFile.read(directory));
    try (PositionFile file = PositionFile.open(directory)) {
      assertEquals(expected, file.state());
      file.begin();
    }
    assertEquals(
        Optional.of(new PositionFile.State(new LogPosition(2, 300), 0, 0, false)),
        PositionFile.read(directory));
  }

  @Test
  void aTornSlotIsPassedOverForTheOneBefore() throws Exception {
    try (PositionFile file = PositionFile.open(directory)) {
      for (int i = 1; i <= 4; i++) {
        file.advance(new LogPosition(0, i), i, 0);
      }
    }
    Path path = directory.resolve(PositionFile.NAME);
    assertEquals(128, Files.size(path));
    try (RandomAccessFile torn = new RandomAccessFile(path.toFile(), "rw")) {
      torn.seek(16); // of the fourth, in the first slot
      torn.write(99);
    }
    assertEquals(new LogPosition(0, 3), PositionFile.read(directory).orElseThrow().position());
  }
}
