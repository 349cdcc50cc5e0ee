// Copyright the Gantry authors. SPDX-License-Identifier: Apache-2.0
package io.gantry.api.runtime;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A process that a runtime started, and its shim, in a form that outlives the engine. The state
 * store keeps it; a new instance of the engine or of the runtime goes on from it.
 *
 * @param shim the process that holds the streams and will write the exit record
 * @param process the container's init or the exec process
 * @param terminal whether {@code stdout} is a terminal's master
 * @param exitRecord the file that the shim writes when the process has ended; its format is the
 *     runtime's
 */
public record ProcessRecord(
    ProcessIdentity shim,
    ProcessIdentity process,
    boolean terminal,
    ShimDescriptors descriptors,
    Path exitRecord) {
  public ProcessRecord {
    Objects.requireNonNull(shim, "shim");
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(descriptors, "descriptors");
    Objects.requireNonNull(exitRecord, "exitRecord");
  }
}
