// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.overlay.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.storage.LayerDirectories;
import io.gantry.api.storage.Mount;
import io.gantry.api.storage.SnapshotInfo;
import io.gantry.api.storage.SnapshotKind;
import io.gantry.api.storage.Snapshotter;
import io.gantry.api.storage.Usage;
import io.gantry.storage.directory.BackingFilesystem;
import io.gantry.storage.directory.SnapshotFiles;
import io.gantry.storage.directory.SnapshotRecord;
import io.gantry.storage.directory.TreeUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The storage driver {@code overlay2}: {@code s/ID/fs} holds what a snapshot changed, {@code
 * s/ID/work} is overlayfs's own. All layers are in one {@code lowerdir} option, top first, in
 * directories beside each other, so that whoever mounts can shorten the paths to what a kernel
 * takes.
 */
@Component(service = Snapshotter.class, property = "gantry.driver=overlay2")
public final class OverlaySnapshotter implements Snapshotter, LayerDirectories {
  private static final Path REDIRECT_DIR = Path.of("/sys/module/overlay/parameters/redirect_dir");

  private final SnapshotFiles files;
  private final Path root;

  @Activate
  public OverlaySnapshotter(BundleContext context) throws IOException {
    this(
        Path.of(Objects.requireNonNull(context.getProperty("gantry.data.root"), "gantry.data.root"))
            .resolve("overlay2"));
  }

  OverlaySnapshotter(Path root) throws IOException {
    if (root.toString().matches(".*[:,\\\\].*")) {
      throw new IOException(
          root
              + " cannot hold layers: overlayfs's options give a colon, a comma and a backslash a"
              + " meaning of their own; choose another data root");
    }
    this.root = root;
    this.files = new SnapshotFiles(root);
  }

  @Deactivate
  void close() {
    files.close();
  }

  @Override
  public SnapshotInfo stat(String name) {
    return files.get(name).info(name);
  }

  @Override
  public synchronized List<Mount> prepare(String key, String parent) {
    return create(key, parent, SnapshotKind.ACTIVE);
  }

  @Override
  public synchronized List<Mount> view(String key, String parent) {
    return create(key, parent, SnapshotKind.VIEW);
  }

  private List<Mount> create(String key, String parent, SnapshotKind kind) {
    files.requireFree(key);
    SnapshotRecord below = parent == null ? null : files.parent(parent);
    try {
      String id = files.allocate();
      SnapshotRecord record = new SnapshotRecord(kind, id, parent, Instant.now());
      Files.createDirectory(changes(record));
      if (kind == SnapshotKind.ACTIVE && below != null) {
        Files.createDirectory(work(record));
        likeParent(changes(record), changes(below));
      }
      files.put(key, record);
      return mounts(record);
    } catch (IOException e) {
      throw SnapshotFiles.failed("make snapshot " + key, e);
    }
  }

  /**
   * The root directory of a tree has its parent's owner and mode: it is the upper one that shows.
   */
  private static void likeParent(Path directory, Path parent) throws IOException {
    Map<String, Object> attributes = Files.readAttributes(parent, "unix:mode,uid,gid");
    if ((int) attributes.get("uid") != 0 || (int) attributes.get("gid") != 0) {
      Files.setAttribute(directory, "unix:uid", attributes.get("uid"));
      Files.setAttribute(directory, "unix:gid", attributes.get("gid"));
    }
    Files.setAttribute(directory, "unix:mode", (int) attributes.get("mode") & 07777);
  }

  @Override
  public List<Mount> mounts(String key) {
    return mounts(files.mountable(key));
  }

  private List<Mount> mounts(SnapshotRecord record) {
    boolean writable = record.kind() == SnapshotKind.ACTIVE;
    List<Path> layers = new ArrayList<>();
    for (String name = record.parent(); name != null; ) {
      SnapshotRecord layer = files.get(name);
      layers.add(changes(layer));
      name = layer.parent();
    }
    if (layers.isEmpty() || (layers.size() == 1 && !writable)) {
      Path only = layers.isEmpty() ? changes(record) : layers.get(0);
      return List.of(new Mount("bind", only.toString(), List.of(writable ? "rw" : "ro", "rbind")));
    }
    List<String> options = new ArrayList<>();
    options.add("lowerdir=" + layers.stream().map(Path::toString).collect(Collectors.joining(":")));
    if (writable) {
      options.add("upperdir=" + changes(record));
      options.add("workdir=" + work(record));
    } else {
      options.add("ro");
    }
    return List.of(new Mount("overlay", "overlay", options));
  }

  @Override
  public synchronized void commit(String name, String key) {
    files.commit(name, key, files.get(key).parent());
  }

  @Override
  public Path directory(String key) {
    SnapshotRecord record = files.get(key);
    if (record.kind() != SnapshotKind.ACTIVE || record.parent() != null) {
      throw EngineException.invalid("snapshot " + key + " is not an active one without a parent");
    }
    return changes(record);
  }

  @Override
  public synchronized void commitOnto(String name, String key, String parent) {
    directory(key);
    if (parent != null) {
      files.parent(parent);
    }
    files.commit(name, key, parent);
  }

  @Override
  public synchronized void remove(String name) {
    files.remove(name);
  }

  @Override
  public Usage usage(String name) {
    try {
      return TreeUsage.of(changes(files.get(name)));
    } catch (IOException e) {
      throw SnapshotFiles.failed("measure snapshot " + name, e);
    }
  }

  @Override
  public List<SnapshotInfo> list() {
    return files.all().entrySet().stream().map(e -> e.getValue().info(e.getKey())).toList();
  }

  @Override
  public Map<String, String> status() {
    Map<String, String> status = new LinkedHashMap<>();
    status.put("Backing Filesystem", BackingFilesystem.of(root));
    status.put("Supports d_type", "true");
    status.put("Native Overlay Diff", Boolean.toString(!redirectsDirectories()));
    status.put("userxattr", "false");
    return status;
  }

  /** Renamed directories are redirects then, which a layer's tar cannot say. */
  private static boolean redirectsDirectories() {
    try {
      return Files.readString(REDIRECT_DIR).strip().equals("Y");
    } catch (IOException e) {
      return false;
    }
  }

  private Path changes(SnapshotRecord record) {
    return files.directory(record).resolve("fs");
  }

  private Path work(SnapshotRecord record) {
    return files.directory(record).resolve("work");
  }
}
