// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.nftables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The rules are made in a network namespace that only the test's thread is in. */
@Tag("root")
class NftablesTest {
  private static final int CLONE_NEWNET = 0x40000000;

  private final Nftables nftables = new Nftables();
  private final ExecutorService inside = Executors.newSingleThreadExecutor();

  @BeforeEach
  void enterNamespace() throws Exception {
    inside
        .submit(() -> Syscalls.call("unshare", Syscall.UNSHARE, CLONE_NEWNET, 0, 0, 0, 0, 0))
        .get();
  }

  @AfterEach
  void leaveNamespace() {
    inside.shutdownNow();
  }

  @Test
  void rulesAreMadeAndListed() throws Exception {
    run(
        """
        table ip t {
          chain c {
            type filter hook forward priority 0
            ip saddr 10.0.0.0/8 drop
          }
        }
        """);
    String listed = run("list table ip t");
    assertTrue(listed.contains("ip saddr 10.0.0.0/8 drop # handle"), listed);
  }

  @Test
  void aTransactionAppliesAsAWholeOrNotAtAll() throws Exception {
    NftablesException refused =
        assertThrows(NftablesException.class, () -> run("add table ip t; add rule ip t none drop"));
    assertTrue(refused.isNotFound(), refused.getMessage());
    assertEquals("", run("list ruleset"));
  }

  @Test
  void mistakesAreExplained() {
    NftablesException refused = assertThrows(NftablesException.class, () -> run("ad table ip t"));
    assertTrue(refused.getMessage().contains("syntax error"), refused.getMessage());
    assertFalse(refused.isNotFound());
  }

  @Test
  void manyThreadsMayCall() throws Exception {
    // the pool's threads are in the host's namespace, in which they only look
    IntStream.range(0, 64).parallel().forEach(i -> new Nftables().run("list tables"));
    assertEquals("", run("list tables"));
  }

  private String run(String commands) throws Exception {
    Callable<String> call = () -> nftables.run(commands);
    try {
      return inside.submit(call).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof NftablesException refused ? refused : e;
    }
  }
}
