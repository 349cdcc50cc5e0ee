// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DetachKeysTest {
  private static String pass(DetachKeys.Scan scan) {
    return StandardCharsets.ISO_8859_1.decode(scan.pass()).toString();
  }

  private static ByteBuffer keys(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void theDefaultSequenceIsFoundAcrossWrites() {
    DetachKeys keys = DetachKeys.parse(null);
    DetachKeys.Scan first = keys.scan(keys("ls\u0010"));
    assertEquals("ls", pass(first));
    assertFalse(first.detached());
    DetachKeys.Scan second = keys.scan(keys("\u0011rest"));
    assertEquals("", pass(second));
    assertTrue(second.detached());
  }

  @Test
  void aBrokenSequenceIsPassedOn() {
    DetachKeys keys = DetachKeys.parse("ctrl-p,ctrl-q");
    assertEquals("a\u0010b", pass(keys.scan(keys("a\u0010b"))));
    assertEquals("\u0010", pass(keys.scan(keys("\u0010\u0010"))));
    assertTrue(keys.scan(keys("\u0011")).detached());
  }

  @Test
  void keysAreReadAsDockerReadsThem() {
    assertTrue(DetachKeys.parse("a,ctrl-[,CTRL-z").scan(keys("xa\u001b\u001a")).detached());
    assertTrue(DetachKeys.parse("ctrl-@").scan(keys("\0")).detached());
    assertFalse(DetachKeys.parse("").scan(keys("\u0010\u0011")).detached());
    EngineException failure = assertThrows(EngineException.class, () -> DetachKeys.parse("ctrl-9"));
    assertEquals("Invalid detach keys (ctrl-9) provided", failure.getMessage());
  }
}
