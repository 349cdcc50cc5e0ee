// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.gantry.api.error.EngineException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Signals, names and the delays of restarts. */
class RulesTest {
  @Test
  void signalsByNameAndNumber() {
    assertEquals(15, Signals.parse("SIGTERM"));
    assertEquals(15, Signals.parse("term"));
    assertEquals(9, Signals.parse("9"));
    assertEquals(17, Signals.parse("CLD"));
    assertEquals(34, Signals.parse("RTMIN"));
    assertEquals(37, Signals.parse("SIGRTMIN+3"));
    assertEquals(62, Signals.parse("RTMAX-2"));
    for (String wrong : List.of("", "SIG", "FOO", "0", "65", "-1", "RTMIN+40", "SIGSIGTERM")) {
      assertThrows(EngineException.class, () -> Signals.parse(wrong), wrong);
    }
  }

  @Test
  void namesHaveTwoCharactersAtLeast() {
    assertEquals("a1", ContainerNames.check("/a1"));
    assertEquals("A_b.c-d", ContainerNames.check("A_b.c-d"));
    for (String wrong : List.of("a", "", "/", "-ab", "a b", "a/b", "ä1")) {
      assertThrows(EngineException.class, () -> ContainerNames.check(wrong), wrong);
    }
  }

  @Test
  void restartsWaitLongerEachTimeUntilOneLasts() {
    RestartBackOff backOff = new RestartBackOff();
    Instant start = Instant.EPOCH;
    List<Long> delays = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      delays.add(backOff.delayMillis(start, start.plusSeconds(1)));
    }
    assertEquals(
        List.of(
            100L, 200L, 400L, 800L, 1600L, 3200L, 6400L, 12800L, 25600L, 51200L, 60000L, 60000L),
        delays);
    assertEquals(100L, backOff.delayMillis(start, start.plusSeconds(10)));
    assertEquals(200L, backOff.delayMillis(start, start.plusSeconds(9)));
  }
}
