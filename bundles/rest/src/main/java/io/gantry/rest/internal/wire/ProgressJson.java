// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.Images.LoadProgress;

/** The lines of a progress stream. */
public final class ProgressJson {
  private static final int BAR_WIDTH = 50;

  private ProgressJson() {}

  public static void line(JsonWriter out, String line) {
    out.object(() -> out.field("stream", line.endsWith("\n") ? line : line + "\n"));
  }

  public static void layer(JsonWriter out, LoadProgress progress) {
    out.object(
        () -> {
          out.field("status", progress.status())
              .object(
                  "progressDetail",
                  () ->
                      out.omitZero("current", progress.currentBytes())
                          .omitZero("total", progress.totalBytes()));
          out.omitEmpty("progress", bar(progress.currentBytes(), progress.totalBytes()))
              .field("id", progress.layerId());
        });
  }

  public static void error(JsonWriter out, String message) {
    out.object(
        () ->
            out.object("errorDetail", () -> out.field("message", message)).field("error", message));
  }

  /** As in {@code [=====> ] 229.4kB/20.01MB}. */
  private static String bar(long current, long total) {
    if (current <= 0 && total <= 0) {
      return "";
    }
    String size = pad(HumanSize.of(current));
    if (total <= 0) {
      return size;
    }
    int done = (int) Math.min(BAR_WIDTH, current * 100.0 / total / 2);
    String bar = "[" + "=".repeat(done) + ">" + " ".repeat(BAR_WIDTH - done) + "] ";
    return current > total ? bar + size : bar + size + "/" + HumanSize.of(total);
  }

  private static String pad(String size) {
    return " ".repeat(Math.max(0, 8 - size.length())) + size;
  }
}
