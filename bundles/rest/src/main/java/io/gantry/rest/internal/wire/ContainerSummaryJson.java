// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.ContainerDetails;
import io.gantry.api.engine.Containers.Sizes;
import java.time.Instant;
import java.util.List;

/** A container in a list. */
public final class ContainerSummaryJson {
  private static final int ANNOTATIONS = 46;

  private ContainerSummaryJson() {}

  /**
   * Writes it.
   *
   * @param image what to show as its image: the reference it was made from, or the id if that
   *     reference is another image by now
   * @param sizes null if they were not asked for
   */
  public static void write(
      JsonWriter out,
      ContainerDetails container,
      String image,
      Sizes sizes,
      Instant now,
      ApiVersion version) {
    out.object(
        () -> {
          out.field("Id", container.id())
              .strings("Names", List.of("/" + container.name()))
              .field("Image", image)
              .field("ImageID", container.imageId())
              .field("Command", command(container))
              .field("Created", container.created().getEpochSecond())
              .array("Ports", List.of(), none -> {});
          if (sizes != null) {
            out.omitZero("SizeRw", sizes.writable()).omitZero("SizeRootFs", sizes.rootFileSystem());
          }
          out.strings("Labels", container.spec().identity().labels())
              .field("State", ContainerStatus.word(container.state().status()))
              .field("Status", ContainerStatus.sentence(container.state(), now))
              .object("HostConfig", () -> hostConfig(out, container, version))
              .object("NetworkSettings", () -> EndpointJson.networks(out, container, version));
          MountJson.points(out, container.mounts());
        });
  }

  private static void hostConfig(JsonWriter out, ContainerDetails container, ApiVersion version) {
    out.field("NetworkMode", HostConfigJson.networkMode(container.spec()));
    if (version.atLeast(ANNOTATIONS) && !container.spec().identity().annotations().isEmpty()) {
      out.strings("Annotations", container.spec().identity().annotations());
    }
  }

  /** Arguments with a space are quoted, and nothing is escaped. */
  static String command(ContainerDetails container) {
    if (container.args().isEmpty()) {
      return container.path();
    }
    StringBuilder command = new StringBuilder(container.path());
    for (String argument : container.args()) {
      command.append(' ');
      if (argument.indexOf(' ') >= 0) {
        command.append('\'').append(argument).append('\'');
      } else {
        command.append(argument);
      }
    }
    return command.toString();
  }
}
