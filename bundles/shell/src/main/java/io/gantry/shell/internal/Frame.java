// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import java.nio.charset.StandardCharsets;

@SuppressWarnings("ArrayRecordComponent") // never compared
record Frame(FrameType type, byte[] payload) {
  String text() {
    return new String(payload, StandardCharsets.UTF_8);
  }
}
