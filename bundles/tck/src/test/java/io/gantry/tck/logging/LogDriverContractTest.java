// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.logging.LogDriver;
import io.gantry.api.logging.LogEntry;
import io.gantry.api.logging.LogPosition;
import io.gantry.api.logging.LogQuery;
import io.gantry.tck.ContractRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The contract finds what is wrong with drivers that are broken on purpose. */
class LogDriverContractTest {
  @Test
  void findsADriverThatDoesNotCutBack() {
    Set<String> failed = ContractRun.of(WithoutCutting.class).failed();
    assertTrue(
        failed.containsAll(
            Set.of(
                "aCallThatDidNotReturnIsRepeatedWithoutDoubling",
                "randomInterruptionsLoseAndDoubleNothing")),
        failed.toString());
  }

  @Test
  void findsADriverThatForgets() {
    Set<String> failed = ContractRun.of(Forgetful.class).failed();
    assertTrue(failed.contains("aNewInstanceGoesOnWhereTheLastOneEnded"), failed.toString());
  }

  @Test
  void findsADriverThatDoesNotFilter() {
    assertEquals(Set.of("selectsStreamsAndTimes"), ContractRun.of(WithoutFilter.class).failed());
  }

  abstract static class OnMap extends LogDriverContract {
    final Map<String, NavigableMap<Long, List<LogEntry>>> disk = new HashMap<>();

    @Override
    protected void close(LogDriver driver) {}

    @Override
    protected Map<String, String> smallFiles() {
      return Map.of();
    }
  }

  static class WithoutCutting extends OnMap {
    @Override
    protected LogDriver open() {
      return new PlainLogDriver(disk) {
        @Override
        void cut(NavigableMap<Long, List<LogEntry>> files, LogPosition from) {}
      };
    }
  }

  static class Forgetful extends OnMap {
    @Override
    protected LogDriver open() {
      return new PlainLogDriver(new HashMap<>());
    }
  }

  static class WithoutFilter extends OnMap {
    @Override
    protected LogDriver open() {
      return new PlainLogDriver(disk) {
        @Override
        boolean matches(LogEntry entry, LogQuery query) {
          return true;
        }
      };
    }
  }
}
