// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.engine;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A container, whole: what {@code docker inspect} and {@code docker ps} need.
 *
 * @param name without a slash
 * @param imageId digest of the image's configuration, {@code sha256:...}
 * @param path the program that runs and {@code args} its arguments, after merging image and spec
 * @param spec after merging the image's defaults
 * @param restartCount restarts by the restart policy since the last start by a user
 * @param snapshotter the storage driver it lives on
 * @param mounts what is mounted, resolved
 * @param endpoints its places in networks; addresses are set while it runs
 * @param files the paths on the host of the files that the engine makes for it
 */
public record ContainerDetails(
    String id,
    String name,
    Instant created,
    String imageId,
    String path,
    List<String> args,
    ContainerSpec spec,
    ContainerState state,
    int restartCount,
    String snapshotter,
    List<MountPoint> mounts,
    List<EndpointDetails> endpoints,
    ContainerFiles files) {
  public ContainerDetails {
    Objects.requireNonNull(id, "id");
    args = List.copyOf(args);
    mounts = List.copyOf(mounts);
    endpoints = List.copyOf(endpoints);
  }

  /** Empty strings where there is none. */
  public record ContainerFiles(String resolvConf, String hostname, String hosts, String log) {}

  /**
   * A resolved mount.
   *
   * @param name the volume's name, empty for binds and tmpfs
   * @param mode the options as given
   */
  public record MountPoint(
      String type,
      String name,
      String source,
      String destination,
      String driver,
      String mode,
      boolean writable,
      String propagation) {}

  /** A place in a network. Empty strings and 0 while the container does not run. */
  public record EndpointDetails(
      String network,
      String networkId,
      String endpointId,
      String gateway,
      String address,
      int prefixLength,
      String macAddress) {}
}
