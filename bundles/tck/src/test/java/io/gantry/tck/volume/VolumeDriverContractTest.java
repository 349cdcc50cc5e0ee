// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.volume;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.volume.VolumeDriver;
import io.gantry.tck.ContractRun;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The contract finds what is wrong with drivers that are broken on purpose. */
class VolumeDriverContractTest {
  @Test
  void findsADriverThatRemovesWhatIsInUse() {
    Set<String> failed = ContractRun.of(RemovesWhatIsInUse.class).failed();
    assertTrue(
        failed.containsAll(
            Set.of("aVolumeInUseIsNotRemoved", "unmountingWhatIsNotMountedDoesNothing")),
        failed.toString());
  }

  @Test
  void findsADriverThatLeavesTheContent() {
    Set<String> failed = ContractRun.of(LeavesTheContent.class).failed();
    assertTrue(failed.contains("aRemovedVolumeComesBackEmpty"), failed.toString());
  }

  @Test
  void findsADriverThatForgets() {
    Set<String> failed = ContractRun.of(Forgetful.class).failed();
    assertTrue(failed.contains("contentOutlivesUsersAndInstances"), failed.toString());
  }

  static class RemovesWhatIsInUse extends VolumeDriverContract {
    private final Map<String, PlainVolumeDriver.Entry> books = PlainVolumeDriver.emptyBooks();

    @Override
    protected VolumeDriver open(Path root) {
      return new PlainVolumeDriver(root, books) {
        @Override
        boolean isUsed(Entry entry) {
          return false;
        }
      };
    }
  }

  static class LeavesTheContent extends VolumeDriverContract {
    private final Map<String, PlainVolumeDriver.Entry> books = PlainVolumeDriver.emptyBooks();

    @Override
    protected VolumeDriver open(Path root) {
      return new PlainVolumeDriver(root, books) {
        @Override
        void delete(Path directory) {}
      };
    }
  }

  static class Forgetful extends VolumeDriverContract {
    @Override
    protected VolumeDriver open(Path root) {
      return new PlainVolumeDriver(root, PlainVolumeDriver.emptyBooks());
    }
  }
}
