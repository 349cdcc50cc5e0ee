// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.storage.vfs.internal;

import io.gantry.api.storage.Mount;
import io.gantry.api.storage.SnapshotInfo;
import io.gantry.api.storage.SnapshotKind;
import io.gantry.api.storage.Snapshotter;
import io.gantry.api.storage.Usage;
import io.gantry.storage.directory.SnapshotFiles;
import io.gantry.storage.directory.SnapshotRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The storage driver {@code vfs}: {@code s/ID/fs} is a whole copy of the parent's tree. Slow and
 * large, but it needs nothing of the kernel; views share their parent's tree.
 */
@Component(service = Snapshotter.class, property = "gantry.driver=vfs")
public final class VfsSnapshotter implements Snapshotter {
  private final SnapshotFiles files;

  @Activate
  public VfsSnapshotter(BundleContext context) throws IOException {
    this(
        Path.of(Objects.requireNonNull(context.getProperty("gantry.data.root"), "gantry.data.root"))
            .resolve("vfs"));
  }

  VfsSnapshotter(Path root) throws IOException {
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
  public List<Mount> prepare(String key, String parent) {
    files.requireFree(key);
    SnapshotRecord below = parent == null ? null : files.parent(parent);
    try {
      String id = files.allocate();
      SnapshotRecord record = new SnapshotRecord(SnapshotKind.ACTIVE, id, parent, Instant.now());
      try {
        if (below == null) {
          Files.createDirectory(tree(record));
        } else {
          TreeCopy.of(tree(below), tree(record));
        }
        return name(key, record);
      } catch (IOException | RuntimeException e) {
        files.discard(id);
        throw e;
      }
    } catch (IOException e) {
      throw SnapshotFiles.failed("make snapshot " + key, e);
    }
  }

  /** Copying takes its time and is done outside of the lock, so what held before is asked again. */
  private synchronized List<Mount> name(String key, SnapshotRecord record) throws IOException {
    files.requireFree(key);
    if (record.parent() != null) {
      files.parent(record.parent());
    }
    files.put(key, record);
    return mounts(key);
  }

  @Override
  public synchronized List<Mount> view(String key, String parent) {
    files.requireFree(key);
    if (parent != null) {
      files.parent(parent);
    }
    try {
      SnapshotRecord record =
          new SnapshotRecord(SnapshotKind.VIEW, files.allocate(), parent, Instant.now());
      Files.createDirectory(tree(record));
      files.put(key, record);
      return mounts(key);
    } catch (IOException e) {
      throw SnapshotFiles.failed("make view " + key, e);
    }
  }

  @Override
  public List<Mount> mounts(String key) {
    SnapshotRecord record = files.mountable(key);
    boolean view = record.kind() == SnapshotKind.VIEW;
    Path shown = view && record.parent() != null ? tree(files.get(record.parent())) : tree(record);
    return List.of(new Mount("bind", shown.toString(), List.of(view ? "ro" : "rw", "rbind")));
  }

  @Override
  public synchronized void commit(String name, String key) {
    files.commit(name, key, files.get(key).parent());
  }

  @Override
  public synchronized void remove(String name) {
    files.remove(name);
  }

  @Override
  public Usage usage(String name) {
    SnapshotRecord record = files.get(name);
    try {
      return OwnUsage.of(
          tree(record), record.parent() == null ? null : tree(files.get(record.parent())));
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
    return Map.of();
  }

  private Path tree(SnapshotRecord record) {
    return files.directory(record).resolve("fs");
  }
}
