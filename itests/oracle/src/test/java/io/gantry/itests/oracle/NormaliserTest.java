// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.itests.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NormaliserTest {
  private static final String ID =
      "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9";
  private static final String KNOWN = "f".repeat(64);

  @Test
  void theSameIdIsTheSamePlaceholder() {
    String other = ID.replace('0', '7');

    assertEquals(
        "<id1> <id2> <id1> <id1>/12",
        normalise(String.join(" ", ID, other, ID, ID.substring(0, 12))));
  }

  @Test
  void aWrongIdIsSeen() {
    String other = ID.replace('0', '7');

    assertNotEquals(normalise(ID + " " + ID), normalise(ID + " " + other));
  }

  @Test
  void digestsOfTheTestImagesStay() {
    assertEquals("sha256:" + KNOWN, normalise("sha256:" + KNOWN));
    assertEquals(KNOWN.substring(0, 12), normalise(KNOWN.substring(0, 12)));
  }

  @Test
  void theShapeOfATimeStays() {
    assertEquals("<timeT.fZ>", normalise("2026-05-04T03:02:01.5Z"));
    assertEquals("<timeTZ>", normalise("2026-05-04T03:02:01Z"));
    assertEquals("<unix> <unix-nano>", normalise("1790000000 1790000000123456789"));
    assertEquals("0001-01-01T00:00:00Z", normalise("0001-01-01T00:00:00Z"));
    assertEquals("Up <age>", normalise("Up 3 seconds"));
    assertEquals("Exited (3) <age> ago", normalise("Exited (3) 2 minutes ago"));
  }

  @Test
  void loopbackAndUnspecifiedAddressesStay() {
    assertEquals(
        "127.0.0.1 0.0.0.0 1.2.3.4 <address1>/16 <address2> <address1>",
        normalise("127.0.0.1 0.0.0.0 1.2.3.4 172.17.0.2/16 172.17.0.1 172.17.0.2"));
  }

  @Test
  void sizesCountsAndWordsStay() {
    String text = "67108864 1048576 exit 137 deadbeef decade 40000";

    assertEquals(text, normalise(text));
  }

  private static String normalise(String text) {
    return new Normaliser(Map.of(), List.of(KNOWN)).apply(text);
  }
}
