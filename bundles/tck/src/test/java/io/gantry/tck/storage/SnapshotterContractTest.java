// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.storage.Snapshotter;
import io.gantry.tck.ContractRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The contract finds what is wrong with drivers that are broken on purpose. */
class SnapshotterContractTest {
  @Test
  void findsADriverWhoseChildrenShareATree() {
    Set<String> failed = ContractRun.of(Sharing.class).failed();
    assertTrue(failed.contains("whatAChildDoesIsSeenByNobodyElse"), failed.toString());
  }

  @Test
  void findsADriverThatForgets() {
    Set<String> failed = ContractRun.of(Forgetful.class).failed();
    assertTrue(
        failed.containsAll(Set.of("aNewInstanceGoesOnWithEverything", "namesMayHoldAnyCharacters")),
        failed.toString());
  }

  @Test
  void findsADriverThatRemovesParents() {
    assertEquals(
        Set.of("aParentIsNotRemovedBeforeItsChildren", "aNewInstanceGoesOnWithEverything"),
        ContractRun.of(Orphaning.class).failed());
  }

  @Test
  void findsADriverThatLeavesTreesBehind() {
    Set<String> failed = ContractRun.of(Untidy.class).failed();
    assertTrue(failed.contains("aRemovedSnapshotComesBackEmpty"), failed.toString());
  }

  @Test
  void findsADriverThatGivesANameTwice() {
    Set<String> failed = ContractRun.of(Careless.class).failed();
    assertTrue(
        failed.containsAll(Set.of("aNameIsUsedOnce", "oneOfManyThreadsGetsAName")),
        failed.toString());
  }

  abstract static class OnBindMounts extends SnapshotterContract {
    @Override
    protected void close(Snapshotter snapshotter) {}

    @Override
    protected Trees trees() {
      return Trees.ofBindMounts();
    }
  }

  static class Sharing extends OnBindMounts {
    @Override
    protected Snapshotter open(Path directory) {
      return new PlainSnapshotter(directory) {
        @Override
        void copy(Path from, Path to) throws java.io.IOException {
          Files.createSymbolicLink(to, from);
        }
      };
    }
  }

  static class Forgetful extends OnBindMounts {
    private int instances;

    @Override
    protected Snapshotter open(Path directory) throws java.io.IOException {
      return new PlainSnapshotter(Files.createDirectory(directory.resolve("i" + instances++)));
    }
  }

  static class Orphaning extends OnBindMounts {
    @Override
    protected Snapshotter open(Path directory) {
      return new PlainSnapshotter(directory) {
        @Override
        boolean hasChildren(String name) {
          return false;
        }
      };
    }
  }

  static class Untidy extends OnBindMounts {
    @Override
    protected Snapshotter open(Path directory) {
      return new PlainSnapshotter(directory) {
        @Override
        void deleteTree(String name) {}
      };
    }
  }

  static class Careless extends OnBindMounts {
    @Override
    protected Snapshotter open(Path directory) {
      return new PlainSnapshotter(directory) {
        @Override
        void free(String name) {}
      };
    }
  }
}
