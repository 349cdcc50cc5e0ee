// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.rest.internal.wire;

import io.gantry.api.engine.ExecDetails;
import io.gantry.api.engine.ExecSpec;
import java.util.List;

/** An exec process. */
public final class ExecJson {
  private ExecJson() {}

  public static void write(JsonWriter out, ExecDetails exec) {
    ExecSpec spec = exec.spec();
    out.object(
        () ->
            out.field("ID", exec.id())
                .field("Running", exec.running())
                .nullable("ExitCode", exec.exitCode())
                .object("ProcessConfig", () -> process(out, spec))
                .field("OpenStdin", spec.attachStdin())
                .field("OpenStderr", spec.attachStderr())
                .field("OpenStdout", spec.attachStdout())
                .field("CanRemove", false)
                .field("ContainerID", exec.containerId())
                .field("DetachKeys", spec.detachKeys())
                .field("Pid", exec.pid()));
  }

  private static void process(JsonWriter out, ExecSpec spec) {
    List<String> cmd = spec.cmd();
    out.field("tty", spec.tty())
        .field("entrypoint", cmd.get(0))
        .strings("arguments", cmd.subList(1, cmd.size()))
        .field("privileged", spec.privileged())
        .omitEmpty("user", spec.user());
  }
}
