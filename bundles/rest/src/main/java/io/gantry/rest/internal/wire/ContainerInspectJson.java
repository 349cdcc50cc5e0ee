// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.ContainerDetails.EndpointDetails;
import io.gantry.api.engine.ContainerState;
import io.gantry.api.engine.ContainerState.Status;
import io.gantry.api.engine.Containers.Sizes;

/** A container, whole, as {@code docker inspect} prints it. */
public final class ContainerInspectJson {
  private ContainerInspectJson() {}

  /**
   * Writes it.
   *
   * @param sizes null if they were not asked for
   */
  public static void write(
      JsonWriter out, ContainerDetails container, Sizes sizes, ApiVersion version) {
    out.object(
        () -> {
          out.field("Id", container.id())
              .field("Created", container.created())
              .field("Path", container.path())
              .strings("Args", container.args())
              .object("State", () -> state(out, container.state()))
              .field("Image", container.imageId())
              .field("ResolvConfPath", container.files().resolvConf())
              .field("HostnamePath", container.files().hostname())
              .field("HostsPath", container.files().hosts())
              .field("LogPath", container.files().log())
              .field("Name", "/" + container.name())
              .field("RestartCount", container.restartCount())
              .field("Driver", container.snapshotter())
              .field("Platform", "linux")
              .field("MountLabel", "")
              .field("ProcessLabel", "")
              .field("AppArmorProfile", "")
              .nullField("ExecIDs");
          HostConfigJson.write(out, container.spec(), version);
          out.object(
              "GraphDriver", () -> out.nullField("Data").field("Name", container.snapshotter()));
          if (sizes != null) {
            out.field("SizeRw", sizes.writable()).field("SizeRootFs", sizes.rootFileSystem());
          }
          MountJson.points(out, container.mounts());
          ContainerConfigJson.container(out, container.spec());
          out.object("NetworkSettings", () -> network(out, container, version));
        });
  }

  private static void state(JsonWriter out, ContainerState state) {
    out.field("Status", ContainerStatus.word(state.status()))
        .field("Running", state.running())
        .field("Paused", state.status() == Status.PAUSED)
        .field("Restarting", state.status() == Status.RESTARTING)
        .field("OOMKilled", state.oomKilled())
        .field("Dead", state.status() == Status.DEAD)
        .field("Pid", state.pid())
        .field("ExitCode", state.exitCode())
        .field("Error", state.error())
        .field("StartedAt", state.startedAt())
        .field("FinishedAt", state.finishedAt());
  }

  /**
   * The addresses at the top are those on the default bridge, from the time of a single network.
   */
  private static void network(JsonWriter out, ContainerDetails container, ApiVersion version) {
    EndpointDetails bridge =
        EndpointJson.endpoints(container).stream()
            .filter(endpoint -> endpoint.network().equals("bridge"))
            .findFirst()
            .orElse(new EndpointDetails("", "", "", "", "", 0, ""));
    out.field("Bridge", "")
        .field("SandboxID", "")
        .field("HairpinMode", false)
        .field("LinkLocalIPv6Address", "")
        .field("LinkLocalIPv6PrefixLen", 0)
        .object("Ports", () -> {})
        .field("SandboxKey", "")
        .nullField("SecondaryIPAddresses")
        .nullField("SecondaryIPv6Addresses")
        .field("EndpointID", bridge.endpointId())
        .field("Gateway", bridge.gateway())
        .field("GlobalIPv6Address", "")
        .field("GlobalIPv6PrefixLen", 0)
        .field("IPAddress", bridge.address())
        .field("IPPrefixLen", bridge.prefixLength())
        .field("IPv6Gateway", "")
        .field("MacAddress", bridge.macAddress());
    EndpointJson.networks(out, container, version);
  }
}
