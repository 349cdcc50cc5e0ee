// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.SystemInfo.Version;

/** The answer to {@code docker version}. */
public final class SystemJson {
  private SystemJson() {}

  public static void version(JsonWriter out, Version version) {
    out.object(
        () -> {
          out.object("Platform", () -> out.field("Name", "Gantry"))
              .array(
                  "Components",
                  java.util.List.of("Engine"),
                  name -> out.object(() -> component(out, name, version)))
              .field("Version", version.version())
              .field("ApiVersion", ApiVersion.CURRENT.toString())
              .field("MinAPIVersion", ApiVersion.MINIMUM.toString());
          facts(out, version);
          out.field("BuildTime", GoTime.buildTime(version.buildTime()));
        });
  }

  private static void component(JsonWriter out, String name, Version version) {
    out.field("Name", name)
        .field("Version", version.version())
        .object(
            "Details",
            () ->
                out.field("ApiVersion", ApiVersion.CURRENT.toString())
                    .field("Arch", version.arch())
                    .field("BuildTime", GoTime.buildTime(version.buildTime()))
                    .field("Experimental", "false")
                    .field("GitCommit", version.gitCommit())
                    .field("GoVersion", platform())
                    .field("KernelVersion", version.kernelVersion())
                    .field("MinAPIVersion", ApiVersion.MINIMUM.toString())
                    .field("Os", version.os()));
  }

  private static void facts(JsonWriter out, Version version) {
    out.field("GitCommit", version.gitCommit())
        .field("GoVersion", platform())
        .field("Os", version.os())
        .field("Arch", version.arch())
        .field("KernelVersion", version.kernelVersion());
  }

  /** Clients want the language's version here, and show it as it is. */
  private static String platform() {
    return "java"
        + Runtime.version().feature()
        + "."
        + Runtime.version().interim()
        + "."
        + Runtime.version().update();
  }
}
