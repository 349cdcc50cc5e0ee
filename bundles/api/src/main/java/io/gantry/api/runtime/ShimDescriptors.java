// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.runtime;

/**
 * The numbers of the descriptors that a shim holds for the engine, which takes copies with
 * pidfd_getfd(2) whenever it needs them: at the start as well as after a restart. -1 where there is
 * none.
 *
 * @param stdin write end of the container's stdin
 * @param stdout read end of its stdout; with a terminal the master
 * @param stderr read end of its stderr
 * @param exited eventfd, readable once the exit record is written
 * @param released eventfd, which the runtime writes to when everything is drained and committed
 * @param closeStdin eventfd, which the engine writes to to make the shim close its copy of {@code
 *     stdin}
 */
public record ShimDescriptors(
    int stdin, int stdout, int stderr, int exited, int released, int closeStdin) {
  public static final int NONE = -1;
}
