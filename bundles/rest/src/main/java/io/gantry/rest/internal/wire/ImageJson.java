// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.ImageDetails;
import io.gantry.api.engine.Images.HistoryEntry;
import java.util.List;
import java.util.Map;

/** Images: in a list, whole, and how they were made. */
public final class ImageJson {
  /** Untagged images are shown with empty lists from here on. */
  private static final int NO_NONE_NAMES = 43;

  private static final int NO_VIRTUAL_SIZE = 44;
  private static final int NO_CONTAINER = 45;
  private static final int IMAGE_FIELDS_ONLY = 50;

  private ImageJson() {}

  public static void summary(JsonWriter out, ImageDetails image, ApiVersion version) {
    boolean noneNames = !version.atLeast(NO_NONE_NAMES);
    boolean dangling = image.repoTags().isEmpty() && image.repoDigests().isEmpty();
    Map<String, String> labels = image.config() == null ? null : image.config().labels();
    out.object(
        () -> {
          out.field("Containers", -1)
              .field("Created", image.created() == null ? 0 : image.created().getEpochSecond())
              .field("Id", image.id())
              .stringsOrNull("Labels", labels)
              .field("ParentId", "");
          if (noneNames && dangling) {
            out.strings("RepoDigests", List.of("<none>@<none>"))
                .strings("RepoTags", List.of("<none>:<none>"));
          } else if (noneNames) {
            out.stringsOrNull("RepoDigests", image.repoDigests())
                .stringsOrNull("RepoTags", image.repoTags());
          } else {
            out.strings("RepoDigests", image.repoDigests()).strings("RepoTags", image.repoTags());
          }
          out.field("SharedSize", -1).field("Size", image.size());
          if (!version.atLeast(NO_VIRTUAL_SIZE)) {
            out.field("VirtualSize", image.size());
          }
        });
  }

  public static void inspect(
      JsonWriter out, ImageDetails image, String snapshotter, ApiVersion version) {
    out.object(
        () -> {
          out.field("Id", image.id())
              .strings("RepoTags", image.repoTags())
              .strings("RepoDigests", image.repoDigests())
              .field("Parent", "")
              .field("Comment", image.comment())
              .field("Created", image.created());
          if (!version.atLeast(NO_CONTAINER)) {
            out.field("Container", "");
            ContainerConfigJson.image(out, "ContainerConfig", null);
          }
          out.field("DockerVersion", "").field("Author", image.author());
          if (version.atLeast(IMAGE_FIELDS_ONLY)) {
            ContainerConfigJson.imageOnly(out, image.config());
          } else {
            ContainerConfigJson.image(out, "Config", image.config());
          }
          out.field("Architecture", image.architecture())
              .omitEmpty("Variant", image.variant())
              .field("Os", image.os())
              .field("Size", image.size());
          if (!version.atLeast(NO_VIRTUAL_SIZE)) {
            out.field("VirtualSize", image.size());
          }
          out.object("GraphDriver", () -> out.nullField("Data").field("Name", snapshotter))
              .object(
                  "RootFS",
                  () -> {
                    out.field("Type", "layers");
                    if (!image.diffIds().isEmpty()) {
                      out.strings("Layers", image.diffIds());
                    }
                  })
              .object("Metadata", () -> out.field("LastTagTime", image.lastTagged()));
        });
  }

  public static void history(JsonWriter out, List<HistoryEntry> entries) {
    out.array(
        entries,
        entry ->
            out.object(
                () ->
                    out.field("Comment", entry.comment())
                        .field("Created", entry.created())
                        .field("CreatedBy", entry.createdBy())
                        .field("Id", entry.id())
                        .field("Size", entry.size())
                        .stringsOrNull("Tags", entry.tags())));
  }
}
