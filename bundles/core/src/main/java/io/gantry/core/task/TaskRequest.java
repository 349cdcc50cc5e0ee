// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.core.task;

import io.gantry.api.logging.LogTarget;
import io.gantry.api.network.InterfaceAddress;
import io.gantry.api.network.NetworkSpec;
import io.gantry.api.runtime.RuntimeSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What a task is started from. The root path, the user's numbers, the pipes' owner and the network
 * namespace are filled into {@code spec} by the supervisor.
 *
 * @param id names the task; the container's id
 * @param directory a directory of the container's own, which outlives the task (json log, hosts,
 *     ...)
 * @param runtime the driver that runs it
 * @param snapshotter the driver that {@code snapshot} lives on
 * @param snapshot the key of the active snapshot
 * @param user as {@code -u}: names or numbers, resolved in the root file system
 * @param groups as {@code --group-add}
 * @param networkNamespace whether the task gets a network namespace of its own
 * @param log null for no log
 */
public record TaskRequest(
    String id,
    Path directory,
    String runtime,
    String snapshotter,
    String snapshot,
    RuntimeSpec spec,
    String user,
    List<String> groups,
    StdinMode stdin,
    boolean networkNamespace,
    List<Endpoint> endpoints,
    List<VolumeCopy> volumeCopies,
    Log log) {
  public TaskRequest {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(spec, "spec");
    Objects.requireNonNull(stdin, "stdin");
    groups = List.copyOf(groups);
    endpoints = List.copyOf(endpoints);
    volumeCopies = List.copyOf(volumeCopies);
  }

  /** Whether stdin is open, and whether it ends with the first client that ends its side. */
  public enum StdinMode {
    CLOSED,
    OPEN,
    OPEN_ONCE
  }

  /** A network to attach to, with the address that was chosen. */
  public record Endpoint(
      String driver,
      NetworkSpec network,
      String endpointId,
      String interfaceName,
      List<InterfaceAddress> addresses,
      String macAddress) {}

  /**
   * A volume that is to be filled from the image before the first start: if {@code target} is an
   * empty directory on the host, what the root file system has at {@code source} is copied there,
   * with owners and modes.
   */
  public record VolumeCopy(String source, Path target) {}

  /** Where output is logged. */
  public record Log(String driver, LogTarget target) {}
}
