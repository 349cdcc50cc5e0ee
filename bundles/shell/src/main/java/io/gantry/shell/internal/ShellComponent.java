// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.shell.internal;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Opens the door for as long as the bundle is active. {@code bin/gantry -H unix://SOCKET} finds it
 * by the link {@code SOCKET.shell}, wherever the instance has its exec root.
 */
@Component(
    service = {},
    immediate = true)
public final class ShellComponent {
  private final ShellDoor door;
  private final List<Path> links = new ArrayList<>();

  @Activate
  public ShellComponent(BundleContext context) throws IOException {
    String root = context.getProperty("gantry.exec.root");
    Path socket = Path.of(root == null ? "/run/gantry" : root, "shell.sock");
    door = new ShellDoor(socket, new KarafProgram(context), ShellComponent::isRoot);
    String hosts = context.getProperty("gantry.flag.host");
    for (String host : hosts == null ? new String[0] : hosts.split("\n")) {
      if (host.startsWith("unix://")) {
        link(Path.of(host.substring("unix://".length()) + ".shell"), socket);
      }
    }
  }

  private void link(Path link, Path socket) throws IOException {
    Path fresh = link.resolveSibling(link.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, socket);
    Files.move(fresh, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    links.add(link);
  }

  /** The socket's mode keeps others out already; a descriptor handed on does not get past this. */
  private static boolean isRoot(SocketChannel peer) throws IOException {
    return "root".equals(peer.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName());
  }

  @Deactivate
  void close() throws IOException {
    for (Path link : links) {
      Files.deleteIfExists(link);
    }
    door.close();
  }
}
