// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.overlay.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.storage.LayerDirectories;
import io.gantry.api.storage.Mount;
import io.gantry.api.storage.SnapshotInfo;
import io.gantry.api.storage.SnapshotKind;
import io.gantry.api.storage.Snapshotter;
import io.gantry.api.storage.Usage;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The storage driver {@code overlay2}. The order of layers is given as one {@code lowerdir+} option
 * each, top first, as Linux 6.7 takes them through fsconfig(2); whoever mounts on an older kernel
 * joins them to one {@code lowerdir}.
 */
@Component(service = Snapshotter.class, property = "gantry.driver=overlay2")
public final class OverlaySnapshotter implements Snapshotter, LayerDirectories {
  private final SnapshotFiles files;
  private final Trash trash;
  private final Path root;

  @Activate
  public OverlaySnapshotter(BundleContext context) throws IOException {
    this(
        Path.of(Objects.requireNonNull(context.getProperty("gantry.data.root"), "gantry.data.root"))
            .resolve("overlay2"));
  }

  OverlaySnapshotter(Path root) throws IOException {
    this.root = root;
    this.files = new SnapshotFiles(root);
    this.trash = new Trash(files.trash());
  }

  @Deactivate
  void close() {
    trash.close();
  }

  @Override
  public SnapshotInfo stat(String name) {
    return record(name).info(name);
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
    free(key);
    if (parent != null) {
      committed(parent);
    }
    try {
      String id = files.allocate();
      SnapshotRecord record = new SnapshotRecord(kind, id, parent, Instant.now());
      if (kind == SnapshotKind.ACTIVE && parent != null) {
        Files.createDirectory(files.work(record));
        likeParent(files.changes(record), files.changes(record(parent)));
      }
      files.put(key, record);
      return mounts(record);
    } catch (IOException e) {
      throw failed("make snapshot " + key, e);
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
    Files.setAttribute(directory, "unix:mode", attributes.get("mode"));
  }

  @Override
  public List<Mount> mounts(String key) {
    SnapshotRecord record = record(key);
    if (record.kind() == SnapshotKind.COMMITTED) {
      throw EngineException.invalid(
          "snapshot " + key + " is committed and cannot be mounted; make a view of it");
    }
    return mounts(record);
  }

  private List<Mount> mounts(SnapshotRecord record) {
    boolean writable = record.kind() == SnapshotKind.ACTIVE;
    List<Path> layers = new ArrayList<>();
    for (String name = record.parent(); name != null; ) {
      SnapshotRecord layer = record(name);
      layers.add(files.changes(layer));
      name = layer.parent();
    }
    if (layers.isEmpty() || (layers.size() == 1 && !writable)) {
      Path only = layers.isEmpty() ? files.changes(record) : layers.get(0);
      return List.of(new Mount("bind", only.toString(), List.of(writable ? "rw" : "ro", "rbind")));
    }
    List<String> options = new ArrayList<>();
    layers.forEach(layer -> options.add("lowerdir+=" + layer));
    if (writable) {
      options.add("upperdir=" + files.changes(record));
      options.add("workdir=" + files.work(record));
    } else {
      options.add("ro");
    }
    return List.of(new Mount("overlay", "overlay", options));
  }

  @Override
  public synchronized void commit(String name, String key) {
    commit(name, key, record(key).parent());
  }

  @Override
  public Path directory(String key) {
    SnapshotRecord record = record(key);
    if (record.kind() != SnapshotKind.ACTIVE || record.parent() != null) {
      throw EngineException.invalid("snapshot " + key + " is not an active one without a parent");
    }
    return files.changes(record);
  }

  @Override
  public synchronized void commitOnto(String name, String key, String parent) {
    directory(key);
    if (parent != null) {
      committed(parent);
    }
    commit(name, key, parent);
  }

  private void commit(String name, String key, String parent) {
    SnapshotRecord record = record(key);
    if (record.kind() != SnapshotKind.ACTIVE) {
      throw EngineException.invalid(
          "snapshot "
              + key
              + " is "
              + (record.kind() == SnapshotKind.VIEW ? "a view" : "committed")
              + " and cannot be committed");
    }
    free(name);
    try {
      files.put(
          name, new SnapshotRecord(SnapshotKind.COMMITTED, record.id(), parent, record.created()));
      files.forget(key);
    } catch (IOException e) {
      throw failed("commit snapshot " + key, e);
    }
  }

  @Override
  public synchronized void remove(String name) {
    SnapshotRecord record = record(name);
    if (record.kind() == SnapshotKind.COMMITTED) {
      files
          .all()
          .forEach(
              (child, other) -> {
                if (name.equals(other.parent())) {
                  throw EngineException.conflict(
                      "snapshot " + name + " cannot be removed: " + child + " is built on it");
                }
              });
    }
    try {
      files.forget(name);
      files.discard(record.id());
    } catch (IOException e) {
      throw failed("remove snapshot " + name, e);
    }
    trash.collect();
  }

  @Override
  public Usage usage(String name) {
    try {
      return TreeUsage.of(files.changes(record(name)));
    } catch (IOException e) {
      throw failed("measure snapshot " + name, e);
    }
  }

  @Override
  public List<SnapshotInfo> list() {
    return files.all().entrySet().stream().map(e -> e.getValue().info(e.getKey())).toList();
  }

  @Override
  public Map<String, String> status() {
    Map<String, String> status = new LinkedHashMap<>();
    try {
      status.put("Backing Filesystem", BackingFilesystem.name(Files.getFileStore(root).type()));
    } catch (IOException e) {
      status.put("Backing Filesystem", "<unknown>");
    }
    status.put("Supports d_type", "true");
    status.put("Native Overlay Diff", "true");
    status.put("userxattr", "false");
    return status;
  }

  private SnapshotRecord record(String name) {
    SnapshotRecord record = files.get(name);
    if (record == null) {
      throw EngineException.notFound("snapshot " + name + " does not exist");
    }
    return record;
  }

  private void committed(String parent) {
    if (record(parent).kind() != SnapshotKind.COMMITTED) {
      throw EngineException.invalid(
          "snapshot " + parent + " is not committed, so nothing can be built on it");
    }
  }

  private void free(String name) {
    if (files.get(name) != null) {
      throw EngineException.conflict("snapshot " + name + " exists already");
    }
  }

  private static EngineException failed(String what, IOException e) {
    String reason =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : e.getMessage();
    boolean full = reason != null && reason.contains("No space left");
    return new EngineException(
        full ? ErrorKind.EXHAUSTED : ErrorKind.INTERNAL, "cannot " + what + ": " + reason, e);
  }
}
