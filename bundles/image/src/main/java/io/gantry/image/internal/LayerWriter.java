// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import io.gantry.api.error.EngineException;
import io.gantry.linux.Errno;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Unpacks a layer's tar (OCI image spec, layer.md): owners, modes, times, xattrs, links, devices
 * and whiteouts.
 */
final class LayerWriter {
  /** How removals in a layer are kept. */
  enum Whiteouts {
    /** As overlayfs keeps them: a device 0/0, an opaque directory. */
    OVERLAY,
    /** The entry below is deleted: the tree holds the parents' files too. */
    DELETE
  }

  private static final String PREFIX = ".wh.";
  private static final String OPAQUE = ".wh..wh..opq";
  private static final String META = ".wh..wh.";
  private static final int COPY_BYTES = 256 << 10;
  private static final int S_IFCHR = 0020000;
  private static final int S_IFBLK = 0060000;
  private static final int S_IFIFO = 0010000;

  private final TarReader tar;
  private final LayerTree tree;
  private final Whiteouts whiteouts;
  private final byte[] chunk = new byte[COPY_BYTES];
  private final ByteBuffer direct = ByteBuffer.allocateDirect(COPY_BYTES);

  /** Times of directories are set last, since what is put into them changes them. */
  private final Map<String, TarEntry> directories = new LinkedHashMap<>();

  /** What this layer brought so far, which its own opaque whiteouts leave alone. */
  private final Set<String> own = new HashSet<>();

  private LayerWriter(TarReader tar, LayerTree tree, Whiteouts whiteouts) {
    this.tar = tar;
    this.tree = tree;
    this.whiteouts = whiteouts;
  }

  /** Unpacks up to the end of the archive; the stream stays open. */
  static void write(InputStream tar, Path directory, Whiteouts whiteouts) throws IOException {
    try (LayerTree tree = new LayerTree(directory)) {
      new LayerWriter(new TarReader(tar), tree, whiteouts).write();
    }
  }

  private void write() throws IOException {
    for (TarEntry entry = tar.next(); entry != null; entry = tar.next()) {
      try {
        entry(entry);
      } catch (LinuxException e) {
        throw new IOException("cannot unpack " + entry.name() + ": " + e.getMessage(), e);
      }
    }
    directories.forEach(this::setTimes);
  }

  private void setTimes(String path, TarEntry entry) {
    try {
      tree.times(tree.parent(path), LayerTree.name(path), entry.seconds(), entry.nanos());
    } catch (LinuxException e) {
      if (e.errno() != Errno.ENOENT && e.errno() != Errno.ENOTDIR) { // a later entry replaced it
        throw e;
      }
    }
  }

  private void entry(TarEntry entry) throws IOException {
    String path = LayerTree.clean(entry.name());
    if (path.isEmpty() && entry.type() != TarEntry.DIRECTORY) {
      throw EngineException.invalid("the layer has an entry that is its root and no directory");
    }
    int parent = tree.parent(path);
    String name = LayerTree.name(path);
    if (name.startsWith(PREFIX)) {
      whiteout(parent, path, name);
      return;
    }
    if (whiteouts == Whiteouts.DELETE) {
      for (String each = path; own.add(each) && !each.isEmpty(); each = LayerTree.above(each)) {
        // its parents too, which need not have an entry of their own
      }
    }
    switch (entry.type()) {
      case TarEntry.FILE -> file(parent, name);
      case TarEntry.DIRECTORY -> {
        if (!path.isEmpty()) {
          tree.directory(parent, name);
        }
        directories.put(path, entry);
      }
      case TarEntry.SYMBOLIC_LINK -> tree.symbolicLink(parent, name, entry.linkName());
      case TarEntry.HARD_LINK -> {
        tree.hardLink(parent, name, entry.linkName());
        return; // the other name's attributes are this one's
      }
      case TarEntry.CHARACTER_DEVICE -> node(S_IFCHR, entry, parent, name);
      case TarEntry.BLOCK_DEVICE -> node(S_IFBLK, entry, parent, name);
      case TarEntry.FIFO -> node(S_IFIFO, entry, parent, name);
      default ->
          throw EngineException.invalid(
              "the layer has an entry of the unknown type " + (int) entry.type() + ": " + path);
    }
    attributes(entry, parent, name);
  }

  private void node(int type, TarEntry entry, int parent, String name) {
    tree.node(parent, name, type | 0600, entry.major(), entry.minor());
  }

  /** The owner comes first: chown(2) clears set-id bits and capabilities. */
  private void attributes(TarEntry entry, int parent, String name) {
    tree.owner(parent, name, entry.uid(), entry.gid());
    if (entry.type() != TarEntry.SYMBOLIC_LINK) {
      tree.mode(parent, name, entry.mode());
    }
    entry.xattrs().forEach((key, value) -> attribute(parent, name, key, value));
    if (entry.type() != TarEntry.DIRECTORY) {
      tree.times(parent, name, entry.seconds(), entry.nanos());
    }
  }

  /**
   * Attributes that overlayfs reads are the driver's alone: a redirect of a hostile layer would
   * show other directories than its own. What the file system does not have is left out, as Docker
   * does.
   */
  private void attribute(int parent, String name, String key, byte[] value) {
    if (key.startsWith("trusted.overlay.") || key.startsWith("user.overlay.")) {
      return;
    }
    try {
      tree.attribute(parent, name, key, value);
    } catch (LinuxException e) {
      boolean userOfSpecialFile = e.errno() == Errno.EPERM && key.startsWith("user.");
      if (e.errno() != Errno.EOPNOTSUPP && !userOfSpecialFile) {
        throw e;
      }
    }
  }

  private void file(int parent, String name) throws IOException {
    try (Fd file = tree.file(parent, name)) {
      for (int count = tar.read(chunk); count >= 0; count = tar.read(chunk)) {
        direct.clear().put(chunk, 0, count).flip();
        while (direct.hasRemaining()) {
          int written = Syscalls.writeRaw(file.number(), direct);
          if (written < 0) {
            throw new LinuxException("write", -written);
          }
        }
      }
    }
  }

  private void whiteout(int parent, String path, String name) {
    if (name.equals(OPAQUE)) {
      opaque(LayerTree.above(path));
    } else if (!name.startsWith(META)) { // AUFS's own, of no meaning here
      String hidden = name.substring(PREFIX.length());
      if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
        throw EngineException.invalid("the layer has a malformed whiteout: " + path);
      }
      tree.remove(parent, hidden);
      if (whiteouts == Whiteouts.OVERLAY) {
        tree.node(parent, hidden, S_IFCHR, 0, 0);
      }
    }
  }

  private void opaque(String directory) {
    if (whiteouts == Whiteouts.OVERLAY) {
      int parent = tree.parent(directory);
      tree.attribute(parent, LayerTree.name(directory), "trusted.overlay.opaque", new byte[] {'y'});
    } else {
      tree.retain(directory, own);
    }
  }
}
