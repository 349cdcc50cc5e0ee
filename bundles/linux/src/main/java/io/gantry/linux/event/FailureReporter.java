// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.linux.event;

/** Is told of what a handler on the loop threw; the loop goes on. */
@FunctionalInterface
public interface FailureReporter {
  void failed(String owner, Throwable failure);
}
