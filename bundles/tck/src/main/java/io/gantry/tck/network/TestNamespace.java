// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.network;

import java.nio.file.Path;
import java.util.List;

/** A network namespace as a contract needs it: somewhere to connect, and a look inside. */
public interface TestNamespace extends AutoCloseable {
  Path path();

  /** Its links but loopback. */
  List<Peer> links();

  /** Ends the namespace, as the end of a container does. */
  @Override
  void close();

  /** A link inside. */
  record Peer(String name, String macAddress, boolean up) {}
}
