// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.content.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.core.content.ContentStore;
import io.gantry.core.content.Digest;
import io.gantry.core.content.Ingest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileContentStoreTest {
  private static final Digest HELLO =
      new Digest("sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");

  @TempDir Path root;
  private ContentStore store;

  @BeforeEach
  void open() throws IOException {
    store = new FileContentStore(root);
  }

  @Test
  void aCommittedBlobIsThereByItsDigest() throws IOException {
    assertEquals(HELLO, write("one", "hello").commit(HELLO));
    assertTrue(store.contains(HELLO));
    assertEquals(5, store.size(HELLO));
    assertEquals(List.of(HELLO), store.list());
    try (var in = store.open(HELLO)) {
      assertArrayEquals("hello".getBytes(StandardCharsets.UTF_8), in.readAllBytes());
    }
    store.delete(HELLO);
    store.delete(HELLO);
    assertFalse(store.contains(HELLO));
    assertFails(ErrorKind.NOT_FOUND, () -> store.size(HELLO));
    assertFails(ErrorKind.NOT_FOUND, () -> store.open(HELLO));
  }

  @Test
  void nothingIsThereBeforeTheCommit() {
    write("one", "hello").close();
    assertFalse(store.contains(HELLO));
    assertEquals(List.of(), store.list());
  }

  @Test
  void anIngestIsResumedByItsReferenceInANewInstance() throws IOException {
    write("one", "hel").close();
    write("../two", "x").close();
    open();
    Ingest resumed = store.ingest("one");
    assertEquals(3, resumed.offset());
    resumed.write(ByteBuffer.wrap("lo".getBytes(StandardCharsets.UTF_8)));
    assertEquals(5, resumed.offset());
    assertEquals(HELLO, resumed.commit(HELLO));
    assertEquals(0, store.ingest("one").offset());
  }

  @Test
  void anIngestWithoutAReferenceIsGoneWhenItIsClosedOrTheEngineEnds() throws IOException {
    write(null, "closed").close();
    assertEquals(0, ingests());
    write(null, "left by a crash");
    assertEquals(1, ingests());
    open();
    assertEquals(0, ingests());
    assertEquals(HELLO, write(null, "hello").commit(null));
  }

  @Test
  void anotherDigestThanAnnouncedIsDataLoss() throws IOException {
    Ingest ingest = write("one", "hallo");
    assertFails(ErrorKind.DATA_LOSS, () -> ingest.commit(HELLO));
    assertEquals(List.of(), store.list());
    assertEquals(0, ingests());
    assertEquals(0, store.ingest("one").offset());
  }

  @Test
  void theSameBlobMayComeInTwice() {
    Ingest first = write(null, "hello");
    Ingest second = write(null, "hello");
    first.commit(null);
    second.commit(null);
    assertEquals(List.of(HELLO), store.list());
  }

  private Ingest write(String reference, String content) {
    Ingest ingest = store.ingest(reference);
    ingest.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
    return ingest;
  }

  private long ingests() throws IOException {
    try (var files = Files.list(root.resolve("ingest"))) {
      return files.count();
    }
  }

  private static void assertFails(ErrorKind kind, org.junit.jupiter.api.function.Executable call) {
    assertEquals(kind, assertThrows(EngineException.class, call).kind());
  }
}
