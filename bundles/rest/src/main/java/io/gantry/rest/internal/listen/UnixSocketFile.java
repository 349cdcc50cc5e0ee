// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.listen;

import io.gantry.api.error.EngineException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a listening Unix socket. It is bound in a directory that only the engine can enter,
 * gets its group and mode there, and is renamed into place: so nobody slips in before the mode is
 * set, and a stale file is replaced at once.
 */
final class UnixSocketFile {
  private static final Logger LOG = LoggerFactory.getLogger(UnixSocketFile.class);
  private static final Set<PosixFilePermission> OWNER_AND_GROUP =
      PosixFilePermissions.fromString("rw-rw----");

  private final Path path;
  private final String group;
  private Path directory;
  private Object published;

  UnixSocketFile(Path path, String group) {
    this.path = path;
    this.group = group;
  }

  /**
   * @return where to bind
   * @throws EngineException CONFLICT if somebody answers on the socket
   */
  Path prepare() throws IOException {
    Files.createDirectories(path.getParent());
    refuseIfAnswered();
    directory =
        Files.createTempDirectory(
            path.getParent(),
            ".s",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return directory.resolve("s");
  }

  private void refuseIfAnswered() throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isDirectory(path)) {
      throw EngineException.conflict("cannot listen on " + path + ": it is a directory");
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      LOG.info("{} is left over from an engine that is gone", path);
      return;
    }
    throw EngineException.conflict(
        "cannot listen on "
            + path
            + ": another engine answers there; stop it or give this one another --host");
  }

  /** Makes the bound socket the one that clients find. */
  void publish() throws IOException {
    Path bound = directory.resolve("s");
    // not NOFOLLOW_LINKS: the JDK would open the file for that, and a socket cannot be opened
    PosixFileAttributeView view = Files.getFileAttributeView(bound, PosixFileAttributeView.class);
    setGroup(view);
    view.setPermissions(OWNER_AND_GROUP);
    published = key(bound);
    Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.delete(directory);
    directory = null;
  }

  private void setGroup(PosixFileAttributeView view) throws IOException {
    if (group.isEmpty()) {
      return;
    }
    try {
      view.setGroup(
          path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByGroupName(group));
    } catch (UserPrincipalNotFoundException e) {
      LOG.warn("There is no group {}: {} is for its owner and root alone", group, path);
    }
  }

  /** Takes the file away, unless it is another engine's by now. */
  void remove() throws IOException {
    if (directory != null) {
      Files.deleteIfExists(directory.resolve("s"));
      Files.deleteIfExists(directory);
    }
    if (published != null
        && Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && published.equals(key(path))) {
      Files.deleteIfExists(path);
    }
  }

  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }
}
