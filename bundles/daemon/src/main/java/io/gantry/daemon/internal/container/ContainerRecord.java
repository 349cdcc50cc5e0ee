// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.daemon.internal.container;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerDetails.EndpointDetails;
import io.gantry.api.engine.ContainerDetails.MountPoint;
import io.gantry.api.engine.ContainerSpec;
import io.gantry.api.engine.ContainerState;
import java.time.Instant;
import java.util.List;

/**
 * A container as it is stored.
 *
 * @param args what runs, {@code args[0]} the program, after merging image and spec
 * @param noCopy destinations of volumes that are not to be filled from the image
 * @param stoppedByUser whether a user stopped it, so that {@code unless-stopped} leaves it
 * @param bootId of the kernel that it last ran on
 */
public record ContainerRecord(
    String id,
    String name,
    Instant created,
    String imageId,
    List<String> args,
    ContainerSpec spec,
    ContainerState state,
    int restartCount,
    String snapshotter,
    List<MountPoint> mounts,
    List<String> noCopy,
    EndpointDetails endpoint,
    boolean stoppedByUser,
    String bootId) {
  public ContainerRecord {
    args = List.copyOf(args);
    mounts = List.copyOf(mounts);
    noCopy = List.copyOf(noCopy);
  }

  ContainerRecord withState(ContainerState next) {
    return new ContainerRecord(
        id,
        name,
        created,
        imageId,
        args,
        spec,
        next,
        restartCount,
        snapshotter,
        mounts,
        noCopy,
        endpoint,
        stoppedByUser,
        bootId);
  }

  ContainerRecord withName(String next) {
    return new ContainerRecord(
        id,
        next,
        created,
        imageId,
        args,
        spec,
        state,
        restartCount,
        snapshotter,
        mounts,
        noCopy,
        endpoint,
        stoppedByUser,
        bootId);
  }

  ContainerRecord withEndpoint(EndpointDetails next) {
    return new ContainerRecord(
        id,
        name,
        created,
        imageId,
        args,
        spec,
        state,
        restartCount,
        snapshotter,
        mounts,
        noCopy,
        next,
        stoppedByUser,
        bootId);
  }

  ContainerRecord withRestartCount(int next) {
    return new ContainerRecord(
        id,
        name,
        created,
        imageId,
        args,
        spec,
        state,
        next,
        snapshotter,
        mounts,
        noCopy,
        endpoint,
        stoppedByUser,
        bootId);
  }

  ContainerRecord withStoppedByUser(boolean next) {
    return new ContainerRecord(
        id,
        name,
        created,
        imageId,
        args,
        spec,
        state,
        restartCount,
        snapshotter,
        mounts,
        noCopy,
        endpoint,
        next,
        bootId);
  }

  ContainerRecord withBootId(String next) {
    return new ContainerRecord(
        id,
        name,
        created,
        imageId,
        args,
        spec,
        state,
        restartCount,
        snapshotter,
        mounts,
        noCopy,
        endpoint,
        stoppedByUser,
        next);
  }

  ContainerDetails details(ContainerDirectory directory) {
    return new ContainerDetails(
        id,
        name,
        created,
        imageId,
        args.isEmpty() ? "" : args.get(0),
        args.isEmpty() ? List.of() : args.subList(1, args.size()),
        spec,
        state,
        restartCount,
        snapshotter,
        mounts,
        List.of(endpoint),
        directory.files(this));
  }
}
