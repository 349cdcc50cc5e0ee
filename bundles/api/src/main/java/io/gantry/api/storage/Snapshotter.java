// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.storage;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A storage driver: keeps layers and the writable trees of containers.
 *
 * <p>One flow: an image of two layers is unpacked by {@code prepare("x1", null)}, writing through
 * the returned mounts, {@code commit("chain1", "x1")}, {@code prepare("x2", "chain1")}, writing,
 * {@code commit("chain2", "x2")}. A container on it is {@code prepare("c1", "chain2")}; each start
 * asks {@code mounts("c1")} again; at its end {@code remove("c1")}.
 *
 * <p>Rules. Keys and names share one name space; a name in use is CONFLICT. All truth is on disk: a
 * new instance of the driver on the same directory answers as the one before, and a call that was
 * cut short at any instruction leaves either the state before or the state after, plus litter that
 * the next activation removes. Calls may come from many threads at once. A driver makes no mounts
 * in the host's mount namespace. A parent with children cannot be removed. The service property
 * {@code gantry.driver} names the driver ({@code overlay2}, {@code vfs}).
 */
@ConsumerType
public interface Snapshotter {
  /**
   * @throws io.gantry.api.error.EngineException NOT_FOUND
   */
  SnapshotInfo stat(String name);

  /**
   * Makes a writable snapshot on {@code parent} (null: an empty one).
   *
   * @throws io.gantry.api.error.EngineException CONFLICT if the key is taken, NOT_FOUND if the
   *     parent does not exist, INVALID if it is not committed
   */
  List<Mount> prepare(String key, String parent);

  /** As {@link #prepare}, read-only; a view cannot be committed. */
  List<Mount> view(String key, String parent);

  /**
   * The mounts of an active snapshot or a view; the same answer each time.
   *
   * @throws io.gantry.api.error.EngineException NOT_FOUND, or INVALID for a committed snapshot
   */
  List<Mount> mounts(String key);

  /**
   * Freezes the active snapshot {@code key} as {@code name}; the key is free afterwards.
   *
   * @throws io.gantry.api.error.EngineException NOT_FOUND, CONFLICT if the name is taken, INVALID
   *     for a view
   */
  void commit(String name, String key);

  /**
   * Removes a snapshot of any kind.
   *
   * @throws io.gantry.api.error.EngineException NOT_FOUND, CONFLICT if others are built on it
   */
  void remove(String name);

  /**
   * @throws io.gantry.api.error.EngineException NOT_FOUND
   */
  Usage usage(String name);

  /** Every snapshot, in no order. */
  List<SnapshotInfo> list();

  /** What {@code docker info} prints under the storage driver, in that order. */
  Map<String, String> status();
}
