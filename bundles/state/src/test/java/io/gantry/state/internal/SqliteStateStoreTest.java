// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.state.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.core.state.Durability;
import io.gantry.core.state.Table;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStateStoreTest {
  enum Mode {
    OPEN,
    CLOSED
  }

  record Inner(String name, long number) {}

  record Everything(
      String text,
      Path path,
      Instant at,
      InetAddress address,
      List<Inner> inners,
      Map<String, Inner> byName,
      Set<String> set,
      Mode mode,
      Integer absent,
      List<String> noList,
      byte[] bytes) {}

  record Counter(int value) {
    /** Not a component: must not be stored. */
    public boolean isEven() {
      return value % 2 == 0;
    }
  }

  record Narrow(String text) {}

  @TempDir Path directory;
  private SqliteStateStore store;

  @BeforeEach
  void open() {
    store = new SqliteStateStore(directory.resolve("gantry.db"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private void reopen() {
    store.close();
    open();
  }

  @Test
  void keepsEveryKindOfComponentOverARestart() throws Exception {
    Everything before =
        new Everything(
            "größer",
            Path.of("/var/lib/x y"),
            Instant.parse("2026-01-02T03:04:05.678901234Z"),
            InetAddress.getByName("172.17.0.2"),
            List.of(new Inner("a", 1L << 40)),
            Map.of("k", new Inner("b", -1)),
            Set.of("s"),
            Mode.CLOSED,
            null,
            null,
            null);
    store.table("things", Everything.class).put("one", before, Durability.MACHINE);
    reopen();
    assertEquals(Optional.of(before), store.table("things", Everything.class).get("one"));
  }

  @Test
  void dropsWhatTheRecordDoesNotKnowAndLeavesTheRestNull() {
    store.table("things", Inner.class).put("one", new Inner("a", 3), Durability.PROCESS);
    reopen();
    assertEquals(new Narrow(null), store.table("things", Narrow.class).get("one").orElseThrow());
  }

  @Test
  void tellsWhichDocumentCannotBeRead() {
    store.table("things", Narrow.class).put("one", new Narrow("x"), Durability.PROCESS);
    reopen();
    record Strict(Text text) {
      record Text(int a) {}
    }
    EngineException e =
        assertThrows(EngineException.class, () -> store.table("things", Strict.class));
    assertEquals(ErrorKind.DATA_LOSS, e.kind());
    assertTrue(e.getMessage().contains("document one of table things"), e.getMessage());
  }

  @Test
  void storesComponentsOnly() {
    store.table("counters", Counter.class).put("a", new Counter(2), Durability.PROCESS);
    assertEquals("{\"value\":2}", new DocumentCodec().write(new Counter(2)));
    reopen();
    assertEquals(new Counter(2), store.table("counters", Counter.class).get("a").orElseThrow());
  }

  @Test
  void listsInTheOrderOfKeys() {
    Table<Counter> counters = store.table("counters", Counter.class);
    for (String key : List.of("b", "a", "c")) {
      counters.put(key, new Counter(1), Durability.PROCESS);
    }
    counters.delete("b", Durability.PROCESS);
    counters.delete("never", Durability.PROCESS);
    assertEquals(List.of("a", "c"), List.copyOf(counters.all().keySet()));
  }

  @Test
  void aTransactionThatThrowsLeavesNothing() {
    Table<Counter> counters = store.table("counters", Counter.class);
    counters.put("a", new Counter(1), Durability.PROCESS);
    assertThrows(
        IllegalStateException.class,
        () ->
            store.transaction(
                Durability.MACHINE,
                () -> {
                  counters.put("a", new Counter(2), Durability.PROCESS);
                  counters.put("b", new Counter(2), Durability.PROCESS);
                  throw new IllegalStateException();
                }));
    assertEquals(Map.of("a", new Counter(1)), counters.all());
    reopen();
    assertEquals(Map.of("a", new Counter(1)), store.table("counters", Counter.class).all());
  }

  @Test
  void aTransactionSeesItsOwnChangesAndNobodyElseDoes() {
    Table<Counter> counters = store.table("counters", Counter.class);
    counters.put("old", new Counter(0), Durability.PROCESS);
    store.transaction(
        Durability.PROCESS,
        () -> {
          counters.put("new", new Counter(1), Durability.PROCESS);
          counters.delete("old", Durability.PROCESS);
          assertEquals(Map.of("new", new Counter(1)), counters.all());
          assertEquals(Optional.empty(), counters.get("old"));
          Map<String, Counter> elsewhere =
              CompletableFuture.supplyAsync(counters::all).orTimeout(10, TimeUnit.SECONDS).join();
          assertEquals(Map.of("old", new Counter(0)), elsewhere);
          return null;
        });
    assertEquals(Map.of("new", new Counter(1)), counters.all());
  }

  @Test
  void concurrentIncrementsAreNotLost() {
    Table<Counter> counters = store.table("counters", Counter.class);
    counters.put("a", new Counter(0), Durability.PROCESS);
    List<CompletableFuture<Void>> threads =
        java.util.stream.IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> {
                          for (int n = 0; n < 50; n++) {
                            store.transaction(
                                Durability.PROCESS,
                                () -> {
                                  Counter now = counters.get("a").orElseThrow();
                                  counters.put(
                                      "a", new Counter(now.value() + 1), Durability.PROCESS);
                                  return null;
                                });
                          }
                        }))
            .toList();
    threads.forEach(CompletableFuture::join);
    assertEquals(200, counters.get("a").orElseThrow().value());
  }

  @Test
  void whatWasCommittedIsThereAfterTheProcessDied() throws Exception {
    store.table("counters", Counter.class).put("a", new Counter(7), Durability.PROCESS);
    // A copy of the files as they are now, with the store still open, is what a crash leaves.
    Path copy = Files.createDirectory(directory.resolve("crash"));
    for (String name : List.of("gantry.db", "gantry.db-wal")) {
      Files.copy(directory.resolve(name), copy.resolve(name));
    }
    SqliteStateStore after = new SqliteStateStore(copy.resolve("gantry.db"));
    try {
      assertEquals(new Counter(7), after.table("counters", Counter.class).get("a").orElseThrow());
    } finally {
      after.close();
    }
  }

  @Test
  void refusesWritesOnceClosed() {
    Table<Counter> counters = store.table("counters", Counter.class);
    store.close();
    EngineException e =
        assertThrows(
            EngineException.class, () -> counters.put("a", new Counter(1), Durability.PROCESS));
    assertEquals(ErrorKind.UNAVAILABLE, e.kind());
  }

  @Test
  void onlyTheOwnerReadsTheFile() throws Exception {
    assertEquals(
        "rw-------",
        java.nio.file.attribute.PosixFilePermissions.toString(
            Files.getPosixFilePermissions(directory.resolve("gantry.db"))));
  }
}
