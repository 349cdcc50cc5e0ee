// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.runtime;

import io.gantry.api.runtime.OciRuntime;
import io.gantry.api.runtime.RuntimeSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The contract on a runtime without a kernel under it. */
abstract class OnMapOfProcesses extends OciRuntimeContract {
  private final PlainRuntime.Kernel kernel = new PlainRuntime.Kernel();

  abstract OciRuntime runtime(PlainRuntime.Kernel kernel);

  @Override
  protected OciRuntime open() {
    return runtime(kernel);
  }

  @Override
  protected RuntimeSpec spec(String id, List<String> command) {
    return new RuntimeSpec(
        new RuntimeSpec.Process(
            false,
            null,
            new RuntimeSpec.User(0, 0, List.of()),
            command,
            List.of(),
            "/",
            Set.of(),
            List.of(),
            false,
            null,
            null),
        new RuntimeSpec.Root("/", false),
        "",
        "",
        List.of(),
        new RuntimeSpec.Linux(
            List.of(),
            List.of(),
            new RuntimeSpec.Resources(List.of(), null, null, null),
            "/" + id,
            null,
            Map.of(),
            List.of(),
            List.of(),
            null));
  }
}
