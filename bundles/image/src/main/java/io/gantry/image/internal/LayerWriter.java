// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import io.gantry.api.error.EngineException;
import io.gantry.linux.Fd;
import io.gantry.linux.LinuxException;
import io.gantry.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

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
  private static final String XATTR = "SCHILY.xattr.";
  private static final int COPY_BYTES = 256 << 10;
  private static final int S_IFCHR = 0020000;
  private static final int S_IFBLK = 0060000;
  private static final int S_IFIFO = 0010000;

  private final LayerTree tree;
  private final Whiteouts whiteouts;
  private final byte[] chunk = new byte[COPY_BYTES];
  private final ByteBuffer direct = ByteBuffer.allocateDirect(COPY_BYTES);

  /** Times of directories are set last, since what is put into them changes them. */
  private final Deque<Runnable> directoryTimes = new ArrayDeque<>();

  private long bytes;

  private LayerWriter(LayerTree tree, Whiteouts whiteouts) {
    this.tree = tree;
    this.whiteouts = whiteouts;
  }

  /** Unpacks and returns the bytes of all files; the stream stays open. */
  static long write(InputStream tar, Path directory, Whiteouts whiteouts) throws IOException {
    try (LayerTree tree = new LayerTree(directory)) {
      @SuppressWarnings("resource") // closing it would close the caller's stream
      TarArchiveInputStream entries = new TarArchiveInputStream(tar, StandardCharsets.UTF_8.name());
      LayerWriter writer = new LayerWriter(tree, whiteouts);
      for (TarArchiveEntry entry = entries.getNextEntry();
          entry != null;
          entry = entries.getNextEntry()) {
        try {
          writer.entry(entry, entries);
        } catch (LinuxException e) {
          throw new IOException("cannot unpack " + entry.getName() + ": " + e.getMessage(), e);
        }
      }
      writer.directoryTimes.forEach(Runnable::run);
      return writer.bytes;
    }
  }

  private void entry(TarArchiveEntry entry, InputStream content) throws IOException {
    String path = LayerTree.clean(entry.getName());
    if (path.isEmpty()) {
      root(entry);
      return;
    }
    int parent = tree.parent(path);
    String name = LayerTree.name(path);
    if (name.startsWith(PREFIX)) {
      whiteout(parent, path, name);
      return;
    }
    boolean directory = entry.isDirectory();
    if (!directory || !tree.isDirectory(parent, name)) {
      tree.remove(parent, name);
    }
    if (directory) {
      tree.mkdir(parent, name, 0755);
    } else if (entry.isSymbolicLink()) {
      tree.symlink(parent, name, entry.getLinkName());
    } else if (entry.isLink()) {
      tree.hardLink(parent, name, entry.getLinkName());
      return; // the other name's attributes are this one's
    } else if (entry.isCharacterDevice() || entry.isBlockDevice()) {
      int type = entry.isBlockDevice() ? S_IFBLK : S_IFCHR;
      tree.node(parent, name, type | 0600, entry.getDevMajor(), entry.getDevMinor());
    } else if (entry.isFIFO()) {
      tree.node(parent, name, S_IFIFO | 0600, 0, 0);
    } else if (entry.isFile() || entry.getLinkFlag() == TarConstants.LF_CONTIG) {
      file(parent, name, content);
    } else {
      throw EngineException.invalid(
          "the layer has an entry of an unknown type: " + entry.getName());
    }
    attributes(entry, parent, name);
    long[] time = time(entry);
    if (directory) {
      directoryTimes.push(() -> tree.times(tree.parent(path), name, time[0], time[1]));
    } else {
      tree.times(parent, name, time[0], time[1]);
    }
  }

  private void root(TarArchiveEntry entry) {
    if (entry.isDirectory()) {
      attributes(entry, tree.rootNumber(), ".");
      long[] time = time(entry);
      directoryTimes.addLast(() -> tree.times(tree.rootNumber(), ".", time[0], time[1]));
    }
  }

  private void attributes(TarArchiveEntry entry, int parent, String name) {
    tree.owner(parent, name, entry.getLongUserId(), entry.getLongGroupId());
    if (!entry.isSymbolicLink()) {
      tree.mode(parent, name, entry.getMode() & 07777);
    }
    for (Map.Entry<String, String> header : entry.getExtraPaxHeaders().entrySet()) {
      if (header.getKey().startsWith(XATTR)) {
        tree.attribute(
            parent, name, header.getKey().substring(XATTR.length()), xattr(header.getValue()));
      }
    }
  }

  private static byte[] xattr(String value) {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static long[] time(TarArchiveEntry entry) {
    String exact = entry.getExtraPaxHeader("mtime");
    if (exact != null) {
      BigDecimal value = new BigDecimal(exact);
      long seconds = value.setScale(0, java.math.RoundingMode.FLOOR).longValue();
      return new long[] {
        seconds, value.subtract(BigDecimal.valueOf(seconds)).movePointRight(9).longValue()
      };
    }
    java.nio.file.attribute.FileTime time = entry.getLastModifiedTime();
    java.time.Instant instant = time.toInstant();
    return new long[] {instant.getEpochSecond(), instant.getNano()};
  }

  private void file(int parent, String name, InputStream content) throws IOException {
    try (Fd file = tree.createFile(parent, name)) {
      for (int count = content.read(chunk); count >= 0; count = content.read(chunk)) {
        direct.clear().put(chunk, 0, count).flip();
        while (direct.hasRemaining()) {
          int written = Syscalls.writeRaw(file.number(), direct);
          if (written < 0) {
            throw new LinuxException("write " + name, -written);
          }
        }
        bytes += count;
      }
    }
  }

  private void whiteout(int parent, String path, String name) {
    if (name.equals(OPAQUE)) {
      opaque(path);
    } else if (!name.startsWith(META)) {
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

  private void opaque(String path) {
    int slash = path.lastIndexOf('/');
    String directory = slash < 0 ? "" : path.substring(0, slash);
    int parent = directory.isEmpty() ? tree.rootNumber() : tree.parent(directory);
    String name = directory.isEmpty() ? "." : LayerTree.name(directory);
    if (whiteouts == Whiteouts.OVERLAY) {
      tree.attribute(parent, name, "trusted.overlay.opaque", new byte[] {'y'});
    } else if (!directory.isEmpty()) {
      tree.remove(parent, name);
      tree.mkdir(parent, name, 0755);
    }
  }
}
