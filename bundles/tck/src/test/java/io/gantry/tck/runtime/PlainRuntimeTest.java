// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.tck.runtime;

import io.gantry.api.runtime.OciRuntime;

class PlainRuntimeTest extends OnMapOfProcesses {
  @Override
  OciRuntime runtime(PlainRuntime.Kernel kernel) {
    return new PlainRuntime(kernel);
  }
}
