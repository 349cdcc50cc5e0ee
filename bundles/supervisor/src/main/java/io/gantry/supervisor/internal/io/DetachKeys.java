// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.supervisor.internal.io;

import io.gantry.api.error.EngineException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;

/** Finds the sequence of keys that detaches a client in what the client types. */
final class DetachKeys {
  /** ctrl-p,ctrl-q */
  private static final byte[] DEFAULT = {16, 17};

  private final byte[] keys;
  private int matched;

  private DetachKeys(byte[] keys) {
    this.keys = keys;
  }

  /**
   * @param text keys with commas between: one character each, or {@code ctrl-} and one of {@code
   *     a-z @ [ \ ] ^ _}; null for the default, empty for none
   */
  static DetachKeys parse(String text) {
    if (text == null) {
      return new DetachKeys(DEFAULT);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!text.isEmpty()) {
      for (String key : text.split(",", -1)) {
        bytes.write(key(key, text));
      }
    }
    return new DetachKeys(bytes.toByteArray());
  }

  private static byte key(String key, String all) {
    if (key.length() == 1 && key.charAt(0) < 0x80) {
      return (byte) key.charAt(0);
    }
    String name = key.toLowerCase(Locale.ROOT);
    if (name.startsWith("ctrl-") && name.length() == 6) {
      char letter = name.charAt(5);
      if (letter >= 'a' && letter <= 'z') {
        return (byte) (letter - 'a' + 1);
      }
      int other = "@[\\]^_".indexOf(letter);
      if (other >= 0) {
        return (byte) (other == 0 ? 0 : 26 + other);
      }
    }
    throw EngineException.invalid("Invalid detach keys (" + all + ") provided");
  }

  /**
   * What of the input goes to the process.
   *
   * @param pass bytes that were held back earlier, and those that are no detach keys
   * @param detached whether the sequence is complete; what follows it is dropped
   */
  record Scan(ByteBuffer pass, boolean detached) {}

  /** Looks through input; the beginning of a sequence is held back until it is decided. */
  Scan scan(ByteBuffer input) {
    if (keys.length == 0) {
      return new Scan(input, false);
    }
    ByteArrayOutputStream pass = new ByteArrayOutputStream(input.remaining() + matched);
    while (input.hasRemaining()) {
      byte next = input.get();
      if (next == keys[matched]) {
        if (++matched == keys.length) {
          matched = 0;
          return new Scan(ByteBuffer.wrap(pass.toByteArray()), true);
        }
      } else {
        pass.write(keys, 0, matched);
        matched = 0;
        if (next == keys[0]) {
          matched = keys.length == 1 ? 0 : 1;
        } else {
          pass.write(next);
        }
      }
    }
    return new Scan(ByteBuffer.wrap(pass.toByteArray()), false);
  }

  @Override
  public String toString() {
    return Arrays.toString(keys);
  }
}
