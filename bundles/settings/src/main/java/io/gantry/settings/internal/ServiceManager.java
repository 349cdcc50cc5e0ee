// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.settings.internal;

import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.NativeMemory;
import io.gantry.linux.Syscall;
import io.gantry.linux.Syscalls;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages to the service manager: a datagram on the socket that NOTIFY_SOCKET names. */
final class ServiceManager {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM_CLOEXEC = 2 | 0x80000;
  private static final int ADDRESS_BYTES = 110;
  private static final int PATH_OFFSET = 2;

  private ServiceManager() {}

  static void notify(String state) {
    String name = System.getenv("NOTIFY_SOCKET");
    if (name == null || name.isEmpty()) {
      return;
    }
    byte[] path = name.getBytes(StandardCharsets.UTF_8);
    if (path[0] == '@') {
      path[0] = 0; // an abstract socket
    }
    byte[] message = state.getBytes(StandardCharsets.UTF_8);
    try (Fd socket =
            new Fd(
                (int)
                    Syscalls.call(
                        "socket", Syscall.SOCKET, AF_UNIX, SOCK_DGRAM_CLOEXEC, 0, 0, 0, 0));
        NativeMemory address = NativeMemory.allocate(ADDRESS_BYTES);
        NativeMemory text = NativeMemory.of(message)) {
      address.setShort(0, (short) AF_UNIX).setBytes(PATH_OFFSET, path);
      Syscalls.call(
          "notify the service manager",
          Syscall.SENDTO,
          socket.number(),
          text.address(),
          message.length,
          0,
          address.address(),
          PATH_OFFSET + path.length);
    } catch (LinuxException e) {
      LOG.warn("the service manager could not be told that the engine is ready", e);
    }
  }
}
