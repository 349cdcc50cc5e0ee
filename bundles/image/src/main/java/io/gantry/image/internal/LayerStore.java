// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.image.internal;

import io.gantry.api.error.EngineException;
import io.gantry.api.error.ErrorKind;
import io.gantry.api.storage.LayerDirectories;
import io.gantry.api.storage.Mount;
import io.gantry.api.storage.SnapshotInfo;
import io.gantry.api.storage.SnapshotKind;
import io.gantry.api.storage.Snapshotter;
import io.gantry.core.content.ContentStore;
import io.gantry.core.content.Digest;
import io.gantry.core.driver.DriverKind;
import io.gantry.core.driver.DriverRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Layers as committed snapshots, named by their chain ids (OCI image spec, config.md). */
final class LayerStore {
  private static final String UNPACKING = "unpack-";

  private final ContentStore content;
  private final DriverRegistry drivers;
  private final Executor workers;

  LayerStore(ContentStore content, DriverRegistry drivers, Executor workers) {
    this.content = content;
    this.drivers = drivers;
    this.workers = workers;
  }

  /** {@code chain(n) = sha256(chain(n-1) + " " + diff(n))}. */
  static List<String> chainIds(List<String> diffIds) {
    List<String> chain = new ArrayList<>();
    for (String diffId : diffIds) {
      if (chain.isEmpty()) {
        chain.add(diffId);
      } else {
        String text = chain.get(chain.size() - 1) + " " + diffId;
        chain.add(
            "sha256:"
                + HexFormat.of().formatHex(sha256().digest(text.getBytes(StandardCharsets.UTF_8))));
      }
    }
    return List.copyOf(chain);
  }

  /**
   * Makes sure that all layers are there; those that a driver can take without their parents at the
   * same time.
   *
   * @param fresh whether the blobs came in just now, so that their digests need no second look
   */
  void unpack(
      String snapshotter,
      List<String> blobs,
      List<String> diffIds,
      List<String> chainIds,
      boolean fresh) {
    List<CompletableFuture<String>> unpacked = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      String blob = blobs.get(i);
      String diffId = diffIds.get(i);
      boolean needed = !exists(snapshotter, chainIds.get(i));
      unpacked.add(
          needed && independent(snapshotter)
              ? CompletableFuture.supplyAsync(
                  () -> unpackAlone(snapshotter, blob, diffId, fresh), workers)
              : CompletableFuture.completedFuture(null));
    }
    try {
      CompletableFuture.allOf(unpacked.toArray(CompletableFuture[]::new)).join();
      for (int i = 0; i < diffIds.size(); i++) {
        String parent = i == 0 ? null : chainIds.get(i - 1);
        commit(
            snapshotter,
            unpacked.get(i).join(),
            blobs.get(i),
            diffIds.get(i),
            chainIds.get(i),
            parent,
            fresh);
      }
    } catch (CompletionException e) {
      throw e.getCause() instanceof EngineException known
          ? known
          : EngineException.internal("cannot unpack a layer: " + e.getCause(), e);
    } finally {
      unpacked.forEach(future -> future.whenComplete((key, failure) -> discard(snapshotter, key)));
    }
  }

  boolean exists(String snapshotter, String name) {
    return drivers.call(
        DriverKind.STORAGE,
        snapshotter,
        driver -> {
          try {
            driver.stat(name);
            return true;
          } catch (EngineException e) {
            if (e.kind() == ErrorKind.NOT_FOUND) {
              return false;
            }
            throw e;
          }
        });
  }

  void remove(String snapshotter, String chainId) {
    drivers.call(
        DriverKind.STORAGE,
        snapshotter,
        driver -> {
          driver.remove(chainId);
          return null;
        });
  }

  long size(String snapshotter, String chainId) {
    return drivers.call(DriverKind.STORAGE, snapshotter, driver -> driver.usage(chainId).bytes());
  }

  private boolean independent(String snapshotter) {
    return drivers.call(
        DriverKind.STORAGE, snapshotter, driver -> driver instanceof LayerDirectories);
  }

  /**
   * Unpacks into a snapshot without a parent and returns its key. One lease covers it all: the tree
   * is the driver's.
   */
  private String unpackAlone(String snapshotter, String blob, String diffId, boolean fresh) {
    String key = UNPACKING + UUID.randomUUID();
    return drivers.call(
        DriverKind.STORAGE,
        snapshotter,
        driver -> {
          driver.prepare(key, null);
          try {
            write(
                blob,
                diffId,
                ((LayerDirectories) driver).directory(key),
                LayerWriter.Whiteouts.OVERLAY,
                fresh);
            return key;
          } catch (RuntimeException e) {
            driver.remove(key);
            throw e;
          }
        });
  }

  private void commit(
      String snapshotter,
      String key,
      String blob,
      String diffId,
      String chainId,
      String parent,
      boolean fresh) {
    if (exists(snapshotter, chainId)) {
      return;
    }
    drivers.call(
        DriverKind.STORAGE,
        snapshotter,
        driver -> {
          if (key != null) {
            ((LayerDirectories) driver).commitOnto(chainId, key, parent);
          } else {
            unpackOnParent(driver, blob, diffId, chainId, parent, fresh);
          }
          return null;
        });
  }

  private void unpackOnParent(
      Snapshotter driver,
      String blob,
      String diffId,
      String chainId,
      String parent,
      boolean fresh) {
    String key = UNPACKING + UUID.randomUUID();
    List<Mount> mounts = driver.prepare(key, parent);
    try {
      if (mounts.size() != 1 || !mounts.get(0).type().equals("bind")) {
        throw EngineException.unsupported(
            "layers can be unpacked on a storage driver with LayerDirectories or with bind mounts, not with "
                + mounts);
      }
      write(blob, diffId, Path.of(mounts.get(0).source()), LayerWriter.Whiteouts.DELETE, fresh);
      driver.commit(chainId, key);
    } catch (RuntimeException e) {
      driver.remove(key);
      throw e;
    }
  }

  private void write(
      String blob, String diffId, Path directory, LayerWriter.Whiteouts whiteouts, boolean fresh) {
    // An uncompressed blob was hashed when it came in: its digest is its diffID.
    boolean verified = fresh && blob.equals(diffId);
    MessageDigest hash = sha256();
    try (InputStream raw = content.open(new Digest(blob));
        InputStream plain = Decompression.open(raw)) {
      InputStream tar = verified ? plain : new DigestInputStream(plain, hash);
      LayerWriter.write(tar, directory, whiteouts);
      tar.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      throw new EngineException(
          ErrorKind.DATA_LOSS, "cannot unpack layer " + blob + ": " + e.getMessage(), e);
    }
    String actual = "sha256:" + HexFormat.of().formatHex(hash.digest());
    if (!verified && !actual.equals(diffId)) {
      throw new EngineException(
          ErrorKind.DATA_LOSS,
          "layer "
              + blob
              + " has diffID "
              + actual
              + ", and the image's configuration says "
              + diffId);
    }
  }

  private void discard(String snapshotter, String key) {
    if (key != null && exists(snapshotter, key)) {
      remove(snapshotter, key);
    }
  }

  /**
   * Removes what was being unpacked when the engine ended, and layers that no image has and nothing
   * is built on. Nothing may be being unpacked now.
   */
  void collect(String snapshotter, Set<String> usedChainIds) {
    drivers.call(
        DriverKind.STORAGE,
        snapshotter,
        driver -> {
          Map<String, SnapshotInfo> left = new HashMap<>();
          Set<String> parents = new HashSet<>();
          for (SnapshotInfo info : driver.list()) {
            if (info.name().startsWith(UNPACKING)) {
              driver.remove(info.name());
            } else {
              left.put(info.name(), info);
              parents.add(info.parent());
            }
          }
          for (SnapshotInfo info : List.copyOf(left.values())) {
            for (SnapshotInfo top = left.get(info.name());
                top != null && removable(top, usedChainIds) && !parents.contains(top.name()); ) {
              driver.remove(top.name());
              left.remove(top.name());
              String parent = top.parent();
              if (left.values().stream()
                  .noneMatch(other -> parent != null && parent.equals(other.parent()))) {
                parents.remove(parent);
              }
              top = parent == null ? null : left.get(parent);
            }
          }
          return null;
        });
  }

  private static boolean removable(SnapshotInfo info, Set<String> usedChainIds) {
    return info.kind() == SnapshotKind.COMMITTED
        && info.name().startsWith("sha256:")
        && !usedChainIds.contains(info.name());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
