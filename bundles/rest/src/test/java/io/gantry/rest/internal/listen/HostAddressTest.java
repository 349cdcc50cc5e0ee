// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.rest.internal.listen.HostAddress.LoopbackTcp;
import io.gantry.rest.internal.listen.HostAddress.UnixSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HostAddressTest {
  @Test
  void socketsAndLoopbackPorts() {
    assertEquals(
        new UnixSocket(Path.of("/run/gantry.sock")), HostAddress.parse("unix:///run/gantry.sock"));
    assertEquals(new LoopbackTcp("127.0.0.1", 2376), HostAddress.parse("tcp://127.0.0.1:2376"));
    assertEquals(new LoopbackTcp("localhost", 2375), HostAddress.parse("tcp://localhost"));
    assertEquals(new LoopbackTcp("[::1]", 1), HostAddress.parse("tcp://[::1]:1"));
  }

  private static void refused(ErrorKind kind, String host) {
    EngineException refused =
        assertThrows(EngineException.class, () -> HostAddress.parse(host), host);
    assertEquals(kind, refused.kind(), host);
    assertTrue(refused.getMessage().contains(host), refused.getMessage());
  }

  @Test
  void whatWouldOpenTheMachineIsRefused() {
    refused(ErrorKind.UNSUPPORTED, "tcp://0.0.0.0:2375");
    refused(ErrorKind.UNSUPPORTED, "tcp://:2375");
    refused(ErrorKind.UNSUPPORTED, "tcp://192.0.2.1:2375");
    refused(ErrorKind.UNSUPPORTED, "tcp://[::]:2375");
    refused(ErrorKind.UNSUPPORTED, "fd://");
  }

  @Test
  void whatIsNoAddressIsRefused() {
    refused(ErrorKind.INVALID, "tcp://127.0.0.1:x");
    refused(ErrorKind.INVALID, "tcp://127.0.0.1:65536");
    refused(ErrorKind.INVALID, "unix://relative.sock");
    refused(ErrorKind.INVALID, "unix:///" + "x".repeat(120));
    refused(ErrorKind.INVALID, "/run/gantry.sock");
  }
}
